import type { GatewayLogger } from "./logger.ts";

type Env = Record<string, string | undefined>;

/** Where the API of OpenTelemetry registers what a program gives it, in every copy of it. */
const API = Symbol.for("opentelemetry.js.api.1");
const SHUTDOWN_MS = 5_000;

/**
 * Starts the OpenTelemetry SDK where its standard variables ask for one, so that traces and metrics leave over OTLP. `env` gets the variables that
 * the SDK would miss. Resolves with what flushes and ends it; nothing starts where the program has an SDK already, or the package is missing,
 * which is told.
 */
export async function startExport(env: Env, logger: GatewayLogger, load = loadSDK): Promise<() => Promise<void>> {
  const nothing = (): Promise<void> => Promise.resolve();
  const asked = askedFor(env);
  if (asked === undefined) return nothing;
  if ((globalThis as { [API]?: { readonly trace?: unknown } })[API]?.trace !== undefined) return nothing;
  const sdk = await load(logger, env).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ERR_MODULE_NOT_FOUND"
        ? "the package @opentelemetry/sdk-node is missing: npm install @opentelemetry/sdk-node, or " +
          "npx -p crosspoint -p @opentelemetry/sdk-node crosspoint serve"
        : `@opentelemetry/sdk-node does not load: ${error.message}`;
    logger.warn({ variable: asked }, `no traces and metrics are exported, because ${why}`);
    return undefined;
  });
  if (sdk === undefined) return nothing;
  complete(env);
  const { start, shutdown } = sdk();
  start();
  logger.info({ variable: asked }, "traces and metrics are exported over OTLP");
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("the receiver does not answer")), SHUTDOWN_MS);
    });
    await Promise.race([shutdown(), late])
      .catch((error: Error) => logger.warn({ error }, "the last traces and metrics were not exported"))
      .finally(() => clearTimeout(timer));
  };
}

interface SDK {
  readonly start: () => void;
  readonly shutdown: () => Promise<void>;
}

async function loadSDK(logger: GatewayLogger, env: Env): Promise<() => SDK> {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { diag, DiagLogLevel } = await import("@opentelemetry/api");
  return () => {
    // With a level in the environment the SDK writes to the console itself.
    if (env["OTEL_LOG_LEVEL"] === undefined) {
      const warn = (message: string): void => logger.warn({}, `OpenTelemetry: ${message}`);
      diag.setLogger({ error: warn, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
    }
    const sdk = new NodeSDK();
    return { start: () => sdk.start(), shutdown: () => sdk.shutdown() };
  };
}

/** The variable that asks for an SDK. */
function askedFor(env: Env): string | undefined {
  if (env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return undefined;
  const endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];
  const exporters = ["OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER"];
  return endpoints.find((name) => has(env, name)) ?? exporters.find((name) => has(env, name) && env[name] !== "none");
}

/** What the specification has as defaults and the SDK of Node does not, and what would go to a place that nobody named. */
function complete(env: Env): void {
  for (const signal of ["TRACES", "METRICS"]) {
    const named = has(env, "OTEL_EXPORTER_OTLP_ENDPOINT") || has(env, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`);
    env[`OTEL_${signal}_EXPORTER`] ||= named ? "otlp" : "none";
  }
  env["OTEL_LOGS_EXPORTER"] ||= "none";
  if (env["OTEL_RESOURCE_ATTRIBUTES"]?.includes("service.name=") !== true) env["OTEL_SERVICE_NAME"] ||= "crosspoint";
}

function has(env: Env, name: string): boolean {
  return (env[name] ?? "").trim() !== "";
}
