import { CrosspointError, createCrosspoint } from "crosspoint";
import { loadConfig, parseConfig } from "crosspoint/gateway";
import { expect, test } from "vitest";

const env = { LAB_KEY: "lab-key-000000" };

test("a config file holds the options of createCrosspoint, and where to listen", () => {
  const { options, port, host } = parseConfig(
    [
      "port: 4100",
      "host: 127.0.0.1",
      "providers:",
      "  lab: { codec: openai-chat, baseURL: http://127.0.0.1:8000/v1, apiKey: '${LAB_KEY}' }",
      "models:",
      "  smart:",
      "    deployments: [lab/my-model, { model: lab/other, weight: 2 }]",
      "    fallbacks: [lab/last]",
      "timeout: 1000",
    ].join("\n"),
    "crosspoint.yaml",
    env,
  );
  expect({ port, host }).toEqual({ port: 4100, host: "127.0.0.1" });
  expect(options.providers!["lab"]).toMatchObject({ apiKey: "lab-key-000000" });
  expect(createCrosspoint({ env: {}, ...options }).models()[0]).toMatchObject({ id: "smart", deployments: ["lab/my-model", "lab/other"] });
});

test("anchors, aliases and merge keys work, in many places too", () => {
  const entries = Array.from(
    { length: 300 },
    (_, index) => `    m${index}: { deployments: [{ <<: *shared, rpm: 7, model: openai/gpt-5 }] }`,
  );
  const { options, warnings } = parseConfig(
    ["models:", "    first: { deployments: [&shared { model: lab/x, apiKey: '${LAB_KEY}', weight: 2, rpm: 1 }] }", ...entries].join("\n"),
    "crosspoint.yaml",
    env,
  );
  expect(options.models!["m299"]).toEqual({ deployments: [{ model: "openai/gpt-5", apiKey: "lab-key-000000", weight: 2, rpm: 7 }] });
  expect(warnings ?? []).toEqual([]);
});

test.each([
  ["port: [1", "crosspoint.yaml:1:"],
  ["- a\n- b", "must be a mapping"],
  ["port: 99999", "crosspoint.yaml:1:7: port"],
  [
    "retries: 1\nproviders:\n  lab:\n    apiKey: ${NOT_SET}",
    "crosspoint.yaml:4:13: providers.lab.apiKey needs the environment variable NOT_SET",
  ],
  ["onSpend: x", "crosspoint.yaml:1:10: onSpend can only be given in code"],
  ["retries: 1\nretries: 2", "crosspoint.yaml:2:"],
])("%j is refused with its place", (text, message) => {
  const error = ((): unknown => {
    try {
      return parseConfig(text, "crosspoint.yaml", env);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(CrosspointError.is(error, "INVALID_OPTIONS")).toBe(true);
  expect((error as Error).message).toContain(message);
});

test("a file that is not there is named", async () => {
  await expect(loadConfig("none-such.yaml", env)).rejects.toThrow("none-such.yaml");
});
