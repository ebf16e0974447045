import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfig, parseConfig } from "crosspoint/gateway";
import { CrosspointError } from "crosspoint";
import { expect, test } from "vitest";
import { LITELLM_PARAMS, MODEL_INFO } from "../../adapters/gateway/config/litellm/deployment-rules.ts";
import { ROUTER_SETTINGS } from "../../adapters/gateway/config/litellm/router-rules.ts";
import { GENERAL_SETTINGS, LITELLM_SETTINGS } from "../../adapters/gateway/config/litellm/settings-rules.ts";
import fc from "../support/fast-check.ts";

/** Values that are seldom meant. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e300,
    "",
    "x",
    "os.environ/",
    "os.environ/NOT_SET",
    "${NOT_SET}",
    "openai/gpt-5",
    "https://x/v1",
    "azure/*",
  ),
  fc.string(),
  fc.jsonValue(),
);
const section = (rules: object): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(rules), "__proto__", "toString"), odd, { maxKeys: 4 }) },
    { weight: 1, arbitrary: odd },
  );
const entry = fc.record(
  {
    model_name: fc.oneof(fc.constantFrom<unknown>("a", "b", "*", "a.b[0]", "__proto__", "constructor"), odd),
    litellm_params: section(LITELLM_PARAMS),
    model_info: section(MODEL_INFO),
  },
  { requiredKeys: [] },
);
const litellm = fc.record({
  model_list: fc.oneof(fc.array(fc.oneof(entry, odd), { maxLength: 3 }), odd),
  router_settings: section(ROUTER_SETTINGS),
  litellm_settings: section(LITELLM_SETTINGS),
  general_settings: section(GENERAL_SETTINGS),
  environment_variables: odd,
  credential_list: odd,
});
const ours = fc.dictionary(
  fc.constantFrom(
    "port",
    "host",
    "masterKey",
    "store",
    "models",
    "providers",
    "budgets",
    "limits",
    "fallbacks",
    "timeout",
    "strategy",
    "hidden",
    "cooldown",
    "x",
  ),
  odd,
  { maxKeys: 4 },
);

test("whatever a file holds, what is wrong is told and nothing else is thrown", () => {
  fc.assert(
    fc.property(fc.oneof(litellm, ours), (value) => {
      try {
        parseConfig(JSON.stringify(value), "config.yaml", {});
      } catch (error) {
        expect(CrosspointError.is(error, "INVALID_OPTIONS"), String((error as Error).stack)).toBe(true);
        expect((error as Error).message).toMatch(/config\.yaml:\d+:\d+: /);
      }
    }),
    { numRuns: 400 },
  );
  expect(({} as { deployments?: unknown }).deployments).toBeUndefined();
});

test("nor when it is looked through", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "crosspoint-hostile-")), "config.yaml");
  await fc.assert(
    fc.asyncProperty(fc.oneof(litellm, ours), async (value) => {
      writeFileSync(file, JSON.stringify(value));
      const { config, problems } = await checkConfig(file, {});
      expect(config === undefined).toBe(problems.some(({ level }) => level === "error"));
    }),
    { numRuns: 60 },
  );
});
