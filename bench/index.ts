/** All benchmarks, one after the other. */
import { benchCall } from "./call.ts";
import { benchEndpoint } from "./endpoint.ts";
import { benchFaces } from "./faces.ts";
import { benchGateway } from "./gateway.ts";
import { benchImport } from "./import.ts";
import { benchMoney } from "./money.ts";
import { print } from "./report.ts";
import { benchRoute } from "./route.ts";
import { benchSize } from "./size.ts";
import { benchStream } from "./stream.ts";
import { benchTelemetry } from "./telemetry.ts";

print([
  await benchCall(),
  await benchStream(),
  benchImport(),
  await benchSize(),
  await benchEndpoint(),
  ...(await benchFaces()),
  await benchGateway(),
  await benchMoney(),
  await benchTelemetry(),
  await benchRoute(),
]);
