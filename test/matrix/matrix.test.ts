import { describe, test } from "vitest";
import { WIRES } from "./harness.ts";
import { CAPABILITIES, checkCell, CLIENTS, HELPERS } from "./matrix.ts";

describe.each(CLIENTS)("$wire client", (client) => {
  describe.each(WIRES)("on %s", (provider) => {
    for (const capability of [...CAPABILITIES, ...HELPERS[client.wire]]) {
      if (capability.cannot?.(client, provider) !== undefined) continue;
      test.each(capability.forms)(`${capability.id}, %s`, (form) => checkCell(capability, { client, provider, form }));
    }
  });
});
