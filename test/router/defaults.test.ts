import { createCrosspoint, CrosspointError, type CallRequest, type CrosspointOptions, type DeploymentOption } from "crosspoint";
import { createSimulator } from "crosspoint/testing";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../support/clock.ts";

const messages = [{ role: "user", content: "hello" }] as const;
type Body = Readonly<Record<string, unknown>>;
const env = { OPENAI_API_KEY: "sk-o", GROQ_API_KEY: "gsk", ANTHROPIC_API_KEY: "sk-ant" };

/** What providers were sent; `down` names the models that fail, and how often. */
function layer(options: CrosspointOptions, down: Readonly<Record<string, number>> = {}) {
  const simulator = createSimulator({ strict: false });
  for (const [model, times] of Object.entries(down)) simulator.fault({ model, status: 500, times });
  const sent: Body[] = [];
  const network: typeof globalThis.fetch = (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    sent.push(JSON.parse(init?.body as string) as Body);
    return simulator.fetch(`http://simulator.invalid/v1/${/(chat\/)?\w+$/.exec(path)![0]}`, init);
  };
  const clock = createFakeClock();
  return { crosspoint: createCrosspoint({ env, fetch: network, clock, random: () => 0, ...options }), sent, clock };
}

const one = (deployment: DeploymentOption): CrosspointOptions => ({ models: { main: { deployments: [deployment] } } });
const ask = async (options: CrosspointOptions, request: Partial<CallRequest> = {}): Promise<Body> => {
  const { crosspoint, sent } = layer(options);
  const asked = { model: "main", messages, ...request };
  const before = structuredClone(asked);
  await crosspoint.generate(asked);
  expect(asked).toEqual(before);
  return sent[0]!;
};

describe("defaults of a deployment", () => {
  const defaults = { temperature: 0.2, maxOutputTokens: 50, stop: ["END"], seed: 7 };

  test("hold where the call says nothing, and nowhere else", async () => {
    const main = one({ model: "openai-chat/gpt-4o", defaults });
    expect(await ask(main)).toMatchObject({ temperature: 0.2, max_completion_tokens: 50, stop: ["END"], seed: 7 });
    expect(await ask(main, { temperature: 0, stop: [] })).toMatchObject({ temperature: 0, max_completion_tokens: 50, seed: 7 });
    expect(await ask(main, { temperature: 0, stop: [] })).not.toHaveProperty("stop");
    // Callers without types give what they leave open as undefined.
    expect(await ask(main, { temperature: undefined as never })).toMatchObject({ temperature: 0.2 });
    expect(await ask(main, { model: "openai-chat/gpt-4o" })).not.toHaveProperty("temperature");
  });

  test("are those of the deployment that is asked, in its own words", async () => {
    const { crosspoint, sent } = layer(
      {
        models: {
          main: { deployments: [{ model: "openai-chat/gpt-4o", defaults: { temperature: 0.9 } }], fallbacks: ["second"], retries: 0 },
          second: {
            deployments: [{ model: "anthropic/claude-sonnet-4-5", defaults: { reasoning: { budget: 2_000 }, maxOutputTokens: 9_000 } }],
          },
        },
      },
      { "gpt-4o": 1 },
    );
    await crosspoint.generate({ model: "main", messages });
    expect(sent).toMatchObject([{ temperature: 0.9 }, { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 2_000 } }]);
    expect(sent[1]).not.toHaveProperty("temperature");
  });

  test("stream as well", async () => {
    const { crosspoint, sent } = layer(one({ model: "openai-chat/gpt-4o", defaults }));
    await crosspoint.stream({ model: "main", messages }).response;
    expect(sent[0]).toMatchObject({ temperature: 0.2, stream: true });
  });

  test("options of the provider are laid under those of the call, whatever name they go by", async () => {
    const main = one({ model: "groq/x", defaults: { providerOptions: { groq: { top_a: 1, min_p: 0.1 } } } });
    expect(await ask(main)).toMatchObject({ top_a: 1, min_p: 0.1 });
    expect(await ask(main, { providerOptions: { "openai-chat": { min_p: 0.5 } } })).toMatchObject({ top_a: 1, min_p: 0.5 });
    expect(await ask(main, { providerOptions: { groq: { min_p: 0.6 } } })).toMatchObject({ top_a: 1, min_p: 0.6 });
  });

  test("count for the worst case that a budget reserves", async () => {
    const price = { input: 0, output: 1_000_000 };
    const budgets = [{ limit: 60, window: "lifetime" as const }];
    const asked = (most: number) => layer({ ...one({ model: "openai-chat/x", price, defaults: { maxOutputTokens: most } }), budgets });
    await asked(50).crosspoint.generate({ model: "main", messages });
    await expect(asked(100).crosspoint.generate({ model: "main", messages })).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
  });

  test.each<[object, string]>([
    [{ defaults: [] }, "defaults must be an object"],
    [{ defaults: { temprature: 1 } }, "defaults.temprature is unknown"],
    [{ defaults: { n: 2 } }, "defaults.n is unknown"],
    [{ defaults: { messages: [] } }, "defaults.messages is unknown"],
    [{ defaults: { temperature: "hot" } }, "defaults.temperature must be a number"],
    [{ defaults: { stop: "END" } }, "defaults.stop must be a list of texts"],
    [{ defaults: { reasoning: { effort: "huge" } } }, "defaults.reasoning.effort must be one of"],
    [{ defaults: { providerOptions: null } }, "defaults.providerOptions must be an object"],
    [{ cooldown: { mss: 1 } }, "cooldown.mss is unknown"],
  ])("%j is told as a mistake", async (wrong, message) => {
    const { crosspoint } = layer(one({ model: "openai-chat/gpt-4o", ...wrong }));
    const error: unknown = await crosspoint.generate({ model: "main", messages }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INVALID_OPTIONS", message: expect.stringContaining(message) as unknown });
    expect((error as CrosspointError).param).toContain(message.split(" ")[0]);
    expect(await crosspoint.problems()).toHaveLength(1);
  });
});

describe("retries of a group", () => {
  const tries = async (options: CrosspointOptions, request: Partial<CallRequest> = {}): Promise<number> => {
    const { crosspoint, sent } = layer(options, { "gpt-4o": Infinity });
    await crosspoint.generate({ model: "main", messages, ...request }).catch(() => {});
    return sent.length;
  };

  test("replace the layer's, and a call's replace them", async () => {
    const models = { main: { deployments: ["openai-chat/gpt-4o"], retries: 0 } };
    expect(await tries({ models })).toBe(1);
    expect(await tries({ models: { main: { ...models.main, retries: 4 } }, retries: 1 })).toBe(5);
    expect(await tries({ models, retries: 3 }, { retries: 1 })).toBe(2);
    expect(await tries({ models: { main: { deployments: ["openai-chat/gpt-4o"] } }, retries: 3 })).toBe(4);
  });

  test("must be a number", async () => {
    const { crosspoint } = layer({ models: { main: { deployments: ["openai-chat/gpt-4o"], retries: 1.5 } } });
    await expect(crosspoint.generate({ model: "main", messages })).rejects.toMatchObject({ param: "models.main.retries" });
  });
});

test("a deployment has a cooldown of its own", async () => {
  const { crosspoint, clock } = layer(
    {
      models: {
        main: { deployments: [{ model: "openai-chat/gpt-4o", cooldown: { ms: 30_000 } }], retries: 0 },
        other: { deployments: ["openai-chat/gpt-4.1"], retries: 0 },
      },
      cooldown: { failures: 1 },
    },
    { "gpt-4o": 1, "gpt-4.1": 1 },
  );
  for (const model of ["main", "other"]) await crosspoint.generate({ model, messages }).catch(() => {});
  const shut = async (): Promise<unknown> => (await crosspoint.health()).map(({ state }) => state);
  expect(await shut()).toEqual(["open", "open"]);
  await clock.advance(6_000);
  expect(await shut()).toEqual(["open", "half-open"]);
  await clock.advance(25_000);
  expect(await shut()).toEqual(["half-open", "half-open"]);
});
