import { createCrosspoint, CrosspointError, type CrosspointOptions } from "crosspoint";
import { createSimulator } from "crosspoint/testing";
import { expect, test } from "vitest";

const messages = [{ role: "user", content: "hello" }] as const;

interface Seen {
  readonly url: string;
  readonly headers: Headers;
}

/** A layer whose requests are written down and answered by the simulator. */
function layer(options: CrosspointOptions): { crosspoint: ReturnType<typeof createCrosspoint>; seen: Seen[] } {
  const simulator = createSimulator({ strict: false });
  const seen: Seen[] = [];
  const record: typeof globalThis.fetch = (input, init) => {
    const url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
    seen.push({ url, headers: new Headers(init?.headers) });
    return simulator.fetch(`http://simulator.invalid/v1${new URL(url).pathname.replace(/^.*\/v1/, "")}`, init);
  };
  return { crosspoint: createCrosspoint({ env: { OPENAI_API_KEY: "sk-from-the-environment" }, fetch: record, ...options }), seen };
}

test("a deployment has settings of its provider for itself alone", async () => {
  const { crosspoint, seen } = layer({
    models: {
      here: "openai-chat/gpt-4o",
      there: {
        deployments: [
          {
            model: "openai-chat/gpt-4o",
            apiKey: "sk-there",
            provider: { baseURL: "https://there.invalid/v1", headers: { "x-team": "a" } },
          },
        ],
      },
    },
  });
  expect((await crosspoint.generate({ model: "there", messages })).provider).toBe("openai-chat");
  await crosspoint.generate({ model: "here", messages });
  expect(seen.map(({ url, headers }) => [url, headers.get("authorization"), headers.get("x-team")])).toEqual([
    ["https://there.invalid/v1/chat/completions", "Bearer sk-there", "a"],
    ["https://api.openai.com/v1/chat/completions", "Bearer sk-from-the-environment", null],
  ]);
});

test("a base URL of its own gets no key that was meant for another host", async () => {
  const { crosspoint, seen } = layer({
    providers: { "openai-chat": { apiKey: "sk-of-the-provider" } },
    models: { there: { deployments: [{ model: "openai-chat/gpt-4o", provider: { baseURL: "https://there.invalid/v1" } }] } },
  });
  await crosspoint.generate({ model: "there", messages }).catch(() => {}); // the simulator wants a key
  expect(seen.map(({ headers }) => headers.get("authorization"))).toEqual([null]);
  expect(crosspoint.deployments("there")[0]).toMatchObject({ baseURL: "https://there.invalid/v1", keyOptional: true });
  expect(crosspoint.deployments("there")[0]).not.toHaveProperty("keyFrom");
});

test("where a key comes from is told, never the key", () => {
  const { crosspoint } = layer({ models: { own: { deployments: [{ model: "openai/gpt-5", apiKey: "sk-mine" }] } } });
  expect(crosspoint.deployments("openai/gpt-5")[0]).toMatchObject({ keyFrom: "OPENAI_API_KEY" });
  expect(JSON.stringify(crosspoint.deployments("own"))).not.toContain("sk-mine");
});

test("hidden names answer and are not listed", async () => {
  const { crosspoint } = layer({ models: { shown: "openai-chat/gpt-4o", secret: "shown" }, hidden: ["secret"] });
  expect(crosspoint.models().map(({ id }) => id)).not.toContain("secret");
  expect((await crosspoint.generate({ model: "secret", messages })).text).toContain("hello");
});

test("cooldown says after how many failures a deployment is left alone", async () => {
  const { crosspoint } = layer({
    fetch: () => Promise.resolve(new Response("{}", { status: 500 })),
    models: { one: { deployments: ["openai-chat/gpt-4o"] } },
    retries: 0,
    cooldown: { failures: 1, ms: 60_000 },
  });
  await crosspoint.generate({ model: "one", messages }).catch(() => {});
  expect((await crosspoint.health())[0]).toMatchObject({ state: "open" });
});

test("a layer that continues another knows its health, its budgets and its responses", async () => {
  const budgets = [{ id: "all", limit: 10, unit: "requests" as const, window: "lifetime" as const }];
  const models = { one: { deployments: ["openai-chat/gpt-4o"] } };
  const { crosspoint: first } = layer({ models, budgets });
  const asked = await first.fetch("http://crosspoint.invalid/v1/responses", {
    method: "POST",
    body: JSON.stringify({ model: "one", input: "hello" }),
  });
  const { id } = (await asked.json()) as { id: string };
  const { crosspoint: second } = layer({ models, budgets, continues: first });
  await first.close();
  expect((await second.fetch(`http://crosspoint.invalid/v1/responses/${id}`)).status).toBe(200);
  expect((await second.budgets())[0]).toMatchObject({ used: 1 });
  expect((await second.health())[0]).toMatchObject({ total: { successes: 1 } });
});

test.each<[CrosspointOptions, string]>([
  [{ cooldown: { failures: 0 } }, "cooldown.failures"],
  [{ cooldown: { after: 2 } as never }, "cooldown.after"],
  [{ hidden: "x" as never }, "hidden"],
])("%j is refused", (options, param) => {
  expect(() => createCrosspoint(options)).toThrow(expect.objectContaining({ param }) as Error);
});

test("settings of a deployment are checked", () => {
  const { crosspoint } = layer({ models: { a: { deployments: [{ model: "openai/gpt-5", provider: { baseUrl: "x" } as never }] } } });
  expect(() => crosspoint.deployments("a")).toThrow(CrosspointError);
});
