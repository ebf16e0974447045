import { describe, expect, test } from "vitest";
import { checkGroups } from "../../src/router/check-group.ts";
import { groupsOf } from "../support/deployments.ts";

const idsOf = (groups: ReturnType<typeof groupsOf>, name: string): string[] => groups.get(name).deployments.map(({ id }) => id);

describe("groups", () => {
  test("deployments carry what was said of them", () => {
    const groups = groupsOf({
      main: {
        deployments: [
          "openai/gpt-4o",
          { model: "openai/gpt-4o", weight: 2, order: 2, rpm: 5, tags: ["x"], region: "eu", timeout: 9, price: { input: 1, output: 2 } },
        ],
        strategy: "latency",
        fallbacks: ["other"],
      },
    });
    const { deployments, plain, mixed, strategy, fallbacks } = groups.get("main");
    expect(deployments).toMatchObject([
      { id: "openai/gpt-4o", weight: 1, order: 1 },
      {
        id: "openai/gpt-4o#2",
        weight: 2,
        order: 2,
        terms: { rpm: 5, tags: ["x"], region: "eu", timeout: 9 },
        price: { input: 1, output: 2 },
        priceSource: "override",
      },
    ]);
    expect({ plain, mixed, strategy, fallbacks }).toEqual({ plain: false, mixed: false, strategy: "latency", fallbacks: ["other"] });
    expect(deployments[0]!.terms).toBeUndefined();
  });

  test("a base model lends its price, limits and abilities; what is sent keeps its name", () => {
    const groups = groupsOf({
      main: {
        deployments: [
          { model: "groq/mine", baseModel: "openai/gpt-5" },
          { model: "groq/mine", baseModel: "openai/gpt-oss-120b" },
          { model: "anthropic/mine", baseModel: "claude-sonnet-4-5" },
          { model: "openai/mine", baseModel: "no-such" },
        ],
      },
    });
    const [cross, own, bare, unknown] = groups.get("main").deployments;
    expect(cross).toMatchObject({ id: "groq/mine", model: "mine", price: { input: 1.25 }, priceSource: "catalogue" });
    expect(cross!.target).toMatchObject({ model: "mine", provider: "groq", traits: { contextWindow: 400_000, sampling: "never" } });
    expect(own).toMatchObject({ price: { input: 0.15 }, target: { traits: { contextWindow: 131_072, alwaysThinks: true } } });
    expect(bare).toMatchObject({ price: { input: 3 }, target: { traits: { maxOutput: 64_000 } } });
    expect(unknown).not.toHaveProperty("price");
    const wrong = { main: { deployments: [{ model: "groq/mine", baseModel: 5 as never }] } };
    expect(() => checkGroups(wrong)).toThrow("models.main.deployments[0].baseModel must be a text");
  });

  test("a pool of keys is as many deployments, which share the weight", () => {
    const groups = groupsOf({
      main: { deployments: [{ model: "openai/gpt-4o", apiKey: ["k1", "k2", "k3"], weight: 3 }, "groq/llama-3.3-70b-versatile"] },
    });
    expect(groups.get("main").deployments.map(({ id, apiKey, weight }) => [id, apiKey, weight])).toEqual([
      ["openai/gpt-4o#1", "k1", 1],
      ["openai/gpt-4o#2", "k2", 1],
      ["openai/gpt-4o#3", "k3", 1],
      ["groq/llama-3.3-70b-versatile", undefined, 1],
    ]);
  });

  test("a * stands for any part of a name, the most specific pattern first", () => {
    const groups = groupsOf({
      "openai/*": { deployments: ["openai/*", { model: "openrouter/openai/*", weight: 0 }], fallbacks: ["groq/*"] },
      "openai/gpt-5*": { deployments: ["openai-chat/gpt-5*"] },
      "fast-*": "groq/*",
      exact: "openai/gpt-4o",
    });
    expect(idsOf(groups, "openai/gpt-4o")).toEqual(["openai/gpt-4o", "openrouter/openai/gpt-4o"]);
    expect(groups.get("openai/gpt-4o").fallbacks).toEqual(["groq/gpt-4o"]);
    expect(idsOf(groups, "openai/gpt-5-mini")).toEqual(["openai-chat/gpt-5-mini"]);
    expect(idsOf(groups, "fast-llama")).toEqual(["groq/llama"]);
    expect(idsOf(groups, "exact")).toEqual(["openai/gpt-4o", "openrouter/openai/gpt-4o"]);
    expect(groups.names()).toEqual(["exact"]);
  });

  test("a pattern that names itself ends at the provider", () => {
    const groups = groupsOf({ "*": "openai/*" });
    expect(idsOf(groups, "gpt-4o")).toEqual(["openai/gpt-4o"]);
  });

  test("names that lead in a circle are refused", () => {
    expect(() => groupsOf({ a: "b", b: "a" }).get("a")).toThrow(/names itself: a → b → a/);
  });

  test("a * that is text for a regular expression is only text", () => {
    const groups = groupsOf({ "a.(*)$": "openai/*" });
    expect(idsOf(groups, "a.(gpt-4o)$")).toEqual(["openai/gpt-4o"]);
    expect(() => groups.get("axgpt-4o$")).toThrow(/axgpt/);
    expect(idsOf(groups, "a.($&)$")).toEqual(["openai/$&"]);
  });

  test.each([
    [{ deployments: [] }, "models.main.deployments must list"],
    [{ deployments: [{ model: "openai/gpt-4o", wieght: 2 }] }, "models.main.deployments[0].wieght is unknown"],
    [{ deployments: [{ model: "openai/gpt-4o", rpm: "5" }] }, "models.main.deployments[0].rpm must be a number"],
    [{ deployments: [{ model: 5 }] }, "models.main.deployments[0].model must be a text"],
    [{ deployments: [{ model: "openai/gpt-4o", apiKey: [""] }] }, "models.main.deployments[0].apiKey must be a list"],
    [{ deployments: [null] }, "models.main.deployments[0] must be"],
    [{ deployments: ["openai/gpt-4o"], strategy: "fastest" }, "models.main.strategy must be a function or one of shuffle"],
    [{ deployments: ["openai/gpt-4o"], fallbacks: "x" }, "models.main.fallbacks must be a list"],
    [{ deployments: ["openai/gpt-4o"], fallback: ["x"] }, "models.main.fallback is unknown; there are: deployments"],
  ])("a mistake is named: %j", (option, message) => {
    expect(() => checkGroups({ main: option as never })).toThrow(message);
  });
});

test("a pattern whose fallback is met by itself is followed only so far", () => {
  const groups = groupsOf({ "x/*": { deployments: ["openai/gpt-4o"], fallbacks: ["x/y*"] } });
  expect(groups.isKnown("x/any")).toBe(false);
});
