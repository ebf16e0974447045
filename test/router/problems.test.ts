import { describe, expect, test } from "vitest";
import { createCrosspoint, type CrosspointOptions } from "../../src/index.ts";

const problemsOf = async (options: CrosspointOptions): Promise<readonly (readonly [string | undefined, string])[]> => {
  const found = await createCrosspoint({ env: {}, ...options }).problems();
  for (const each of found) expect(each.code).toBe("INVALID_OPTIONS");
  return found.map(({ param, message }) => [param, message]);
};

describe("problems of models", () => {
  test("all are told, each with its place", async () => {
    const models = {
      first: {
        deployments: [
          { model: "openai/gpt-5", wieght: 2, rpm: "5", apiKey: [""] },
          "opnai/gpt-5",
          null,
          { weight: 1 },
          { model: "openai/*", tags: "x" },
        ],
        strategy: "fastest",
        fallbacks: ["nowhere-1", "second"],
        fallback: [],
      },
      second: { deployments: [] },
      third: "fourth",
      fourth: "third",
      fifth: 5,
      sixth: "openai/gpt-5",
    };
    const found = await problemsOf({
      models: models as never,
      fallbacks: ["gone"],
      defaultModel: "gone-too",
      budgets: [{ limit: 1, onExceed: "downgrade", to: "gone-three" }],
    });
    expect(new Set(found.map(([param]) => param))).toEqual(
      new Set([
        "budgets[0].to",
        "models.first.deployments[0].wieght",
        "models.first.deployments[0].rpm",
        "models.first.deployments[0].apiKey",
        "models.first.deployments[1].model",
        "models.first.deployments[2]",
        "models.first.deployments[3].model",
        "models.first.deployments[4].tags",
        "models.first.strategy",
        "models.first.fallback",
        "models.first.fallbacks[0]",
        "models.second.deployments",
        "models.third",
        "models.fourth",
        "models.fifth",
        "fallbacks[0]",
        "defaultModel",
      ]),
    );
    expect(Object.fromEntries(found)["models.first.deployments[1].model"]).toMatch(/openai/);
  });

  test("circles of patterns, each told once; the call says the same, and a pattern that ends at a provider is none", async () => {
    const circles = { "x/*": "y/*", "y/*": "x/*", "v-*": "w-*", "w-*": "u-*", "u-*": "v-*" };
    const right = { "openai/*": "openai/*", "mine/*": "openai/*", "far/*": "nowhere/*" };
    const found = await problemsOf({ models: { ...circles, ...right } });
    expect(found.map(([, message]) => message).sort()).toEqual([
      "models.u-* names itself: u-any → v-any → w-any → u-any",
      "models.v-* names itself: v-any → w-any → u-any → v-any",
      "models.w-* names itself: w-any → u-any → v-any → w-any",
      "models.x/* names itself: x/any → y/any → x/any",
      "models.y/* names itself: y/any → x/any → y/any",
    ]);
    expect(new Set(found.map(([param]) => param))).toEqual(new Set(Object.keys(circles).map((name) => `models.${name}`)));
    const crosspoint = createCrosspoint({ env: {}, models: { ...circles, ...right } });
    const asked = { model: "x/gpt", messages: [{ role: "user", content: "Hi" }] } as const;
    await expect(crosspoint.generate(asked)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      param: "models.x/*",
      message: "models.x/* names itself: x/gpt → y/gpt → x/gpt",
    });
    expect(crosspoint.deployments("openai/gpt-5").map(({ id }) => id)).toEqual(["openai/gpt-5"]);
    await crosspoint.problems();
    // What was looked at to find circles is not taken for asked.
    expect((await crosspoint.health()).map(({ deployment }) => deployment)).toEqual(["openai/gpt-5"]);
  });

  test("a weight without end is one", async () => {
    const found = await problemsOf({ models: { main: { deployments: [{ model: "openai/gpt-5", weight: Infinity }] } } });
    expect(found.map(([param]) => param)).toEqual(["models.main.deployments[0].weight"]);
  });

  test("what is right has none, keys or not, patterns and providers of one's own as well", async () => {
    const models = {
      "openai/*": { deployments: ["openai/*", { model: "openrouter/openai/*", weight: 0 }], fallbacks: ["groq/*"] },
      "*": "openai/*",
      smart: { deployments: [{ model: "mine/a", apiKey: ["a", "b"] }, "anthropic/claude-sonnet-4-6"], fallbacks: ["fast"] },
      fast: "openai/gpt-5-mini",
    };
    const providers = { mine: { codec: "openai-chat", baseURL: "http://127.0.0.1:1/v1" } } as const;
    expect(await problemsOf({ models, providers, fallbacks: ["fast"], defaultModel: "smart" })).toEqual([]);
    expect(await problemsOf({})).toEqual([]);
  });

  test.each([
    [{ retries: 1.5 }, "retries must be a whole number of at least 0, not 1.5"],
    [{ retries: Infinity }, "retries must be a whole number"],
    [{ deadline: 0 }, "deadline must be a number above 0 (Infinity: no bound), not 0"],
    [{ timeout: 0 }, "timeout must be a number above 0"],
    [{ firstEventTimeout: 0 }, "firstEventTimeout must be a number above 0"],
    [{ idleTimeout: -1 }, "idleTimeout must be a number above 0"],
    [{ idleTimeout: "5" }, 'idleTimeout must be a number above 0 (Infinity: no bound), not "5"'],
  ])("%o is refused, of the layer and of a call", async (wrong, message) => {
    const [param] = Object.keys(wrong);
    const refusal = { code: "INVALID_OPTIONS", param, message: expect.stringContaining(message) as unknown };
    expect(() => createCrosspoint(wrong as CrosspointOptions)).toThrow(expect.objectContaining(refusal) as Error);
    const asked = { model: "openai/gpt-5", messages: [{ role: "user", content: "Hi" }], ...(wrong as object) } as const;
    await expect(createCrosspoint({ env: {} }).generate(asked)).rejects.toMatchObject(refusal);
  });

  test.each([
    [[], "models must be an object"],
    [null, "models must be an object"],
    ["openai/gpt-5", "models must be an object"],
    [{ "": "openai/gpt-5" }, "models has an entry without a name"],
  ])("models: %j is refused", (models, message) => {
    expect(() => createCrosspoint({ models: models as never })).toThrow(message);
  });

  test("bounds that are none, and none at all", () => {
    const none = { retries: 0, minTokensPerSecond: 0, deadline: Infinity, timeout: Infinity, idleTimeout: 0.5 };
    expect(() => createCrosspoint({ env: {}, ...none })).not.toThrow();
  });

  test("a deployment that may take no time is one", async () => {
    const found = await problemsOf({ models: { main: { deployments: [{ model: "openai/gpt-5", timeout: 0, idleTimeout: Infinity }] } } });
    expect(found).toEqual([
      ["models.main.deployments[0].timeout", "models.main.deployments[0].timeout must be above 0; Infinity is no bound"],
    ]);
  });

  test("a provider whose base URL lacks a value is told where it is used", async () => {
    const found = await problemsOf({ models: { main: { deployments: ["azure/gpt-4o"] } } });
    expect(found.map(([param]) => param)).toEqual(["models.main.deployments[0].model"]);
  });

  test("health tells of the others all the same", async () => {
    const crosspoint = createCrosspoint({
      env: {},
      models: { a: "nowhere", b: { deployments: [] }, c: { deployments: ["openai/gpt-5"] } },
    });
    expect((await crosspoint.health()).map(({ deployment }) => deployment)).toEqual(["openai/gpt-5"]);
  });
});
