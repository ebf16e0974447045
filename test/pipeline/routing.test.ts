import { describe, expect, test } from "vitest";
import { CrosspointError, type CrosspointOptions, type SpendRow } from "../../src/index.ts";
import { STRATEGY_NAMES } from "../../src/router/strategies/names.ts";
import { memoryStore } from "../../src/spend/memory.ts";
import type { Store } from "../../src/spend/store.ts";
import { createChance } from "../support/chance.ts";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, createWired, failure, type Reply, type Sent } from "../support/wire.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
const A = { model: "openai-chat/gpt-4o", id: "a", apiKey: "sk-key-a-00000000" };
const B = { model: "openai-chat/gpt-4o", id: "b", apiKey: "sk-key-b-00000000" };
const keyOf = (sent: Sent): string => /sk-key-(\w)/.exec(sent.headers.get("authorization") ?? "")?.[1] ?? "?";

async function failureOf(promise: Promise<unknown>): Promise<CrosspointError> {
  const error: unknown = await promise.then(
    () => expect.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!CrosspointError.is(error)) throw error;
  return error;
}

function wired(reply: Reply, options: CrosspointOptions = {}) {
  const clock = createFakeClock();
  return { clock, ...createWired(reply, { clock, random: () => 0, ...options }) };
}

describe("retries", () => {
  test("other deployments come before a wait", async () => {
    const { crosspoint, clock, sent } = wired((each) => (keyOf(each) === "a" ? failure(503, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [A, B] } },
    });
    const response = await crosspoint.generate({ model: "main", messages });
    expect(response.deployment).toBe("b");
    expect(sent.map(keyOf)).toEqual(["a", "b"]);
    expect(clock.pending).toBe(0);
  });

  test("all of them down, the one that may be asked soonest is asked again after its Retry-After", async () => {
    const { crosspoint, clock, sent } = wired(
      (each, index) => {
        if (index > 1) return chatAnswer("ok");
        return failure(429, {}, { "retry-after": keyOf(each) === "a" ? "9" : "3" });
      },
      { models: { main: { deployments: [A, B] } } },
    );
    const pending = crosspoint.generate({ model: "main", messages });
    await clock.advance(2_900);
    expect(sent.map(keyOf)).toEqual(["a", "b"]);
    await clock.advance(200);
    expect((await pending).deployment).toBe("b");
  });

  test("a fallback is asked before a long wait", async () => {
    const { crosspoint, sent } = wired(
      ({ url }) => (url.includes("openai") && !url.includes("groq") ? failure(429, {}, { "retry-after": "30" }) : chatAnswer("ok")),
      { models: { main: { deployments: [A], fallbacks: ["groq/llama-3.3-70b-versatile"] } } },
    );
    expect((await crosspoint.generate({ model: "main", messages })).provider).toBe("groq");
    expect(sent).toHaveLength(2);
  });

  test("a call that fails tells what it tried, whole or streamed, in code and over HTTP", async () => {
    const { crosspoint } = wired(() => failure(400, { message: "no such setting" }), { models: { main: { deployments: [A, B] } } });
    const asked = { model: "main", messages, retries: 0 } as const;
    for (const call of [crosspoint.generate(asked), crosspoint.stream(asked).response]) {
      const error = await failureOf(call);
      expect(error.attempts).toMatchObject([{ outcome: "failure", error: { code: "BAD_REQUEST" }, decision: { candidates: ["a", "b"] } }]);
      expect(JSON.stringify(error)).not.toContain("candidates");
    }
    const response = await crosspoint.fetch("http://x.invalid/v1/chat/completions", { method: "POST", body: JSON.stringify(asked) });
    expect(response.headers.get("x-crosspoint-attempts")).toBe("1");
    expect((await failureOf(crosspoint.generate({ model: "nowhere", messages }))).attempts).toBeUndefined();
  });

  test.each([408, 504])("a %i of the provider that comes soon is tried again, a late one is not", async (status) => {
    for (const [ms, tries] of [
      [1_000, 3],
      [6_000, 1],
    ] as const) {
      const clock = createFakeClock();
      const late = (): Promise<Response> => new Promise((resolve) => void clock.after(ms, () => resolve(failure(status, {}))));
      const { crosspoint, sent } = wired(late, { clock });
      const pending = failureOf(crosspoint.generate({ model: A.model, messages }));
      await clock.advance(60_000);
      expect(await pending).toMatchObject({ code: "TIMEOUT", status });
      expect(sent).toHaveLength(tries);
    }
  });

  test("one budget of tries for the whole call", async () => {
    const { crosspoint, clock, sent } = wired(() => failure(503, {}), {
      retries: 2,
      models: {
        main: { deployments: [A, B], fallbacks: ["second"] },
        second: {
          deployments: [
            { ...A, id: "c" },
            { ...B, id: "d" },
          ],
        },
      },
    });
    const pending = failureOf(crosspoint.generate({ model: "main", messages }));
    await clock.advance(100_000);
    expect((await pending).code).toBe("OVERLOADED");
    // First, two retries, one try at the fallback.
    expect(sent).toHaveLength(4);
  });

  test("the orders follow each other", async () => {
    const { crosspoint, sent } = wired((each) => (keyOf(each) === "b" ? failure(500, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [{ ...A, order: 2 }, B] } },
    });
    expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("a");
    expect(sent.map(keyOf)).toEqual(["b", "a"]);
  });

  test.each([undefined, ...STRATEGY_NAMES, () => undefined])(
    "a deployment of weight 0 gets no call that another can take: strategy %s",
    async (strategy) => {
      let down = false;
      // The spare is by far the cheaper one, and has more room.
      const spare = { ...B, id: "spare", weight: 0, price: { input: 0, output: 0 } };
      const limited = { ...A, rpm: 1_000, price: { input: 9, output: 9 } };
      for (const deployments of [
        [A, { ...B, id: "spare", weight: 0 }],
        [spare, limited, { ...limited, id: "c" }],
      ]) {
        const { crosspoint, sent, clock } = wired(
          (each) =>
            down && keyOf(each) === "a" ? failure(401, {}) : chatAnswer("ok", { usage: { prompt_tokens: 1, completion_tokens: 1 } }),
          { models: { main: { deployments, ...(strategy !== undefined && { strategy }) } }, random: createChance(3) },
        );
        down = false;
        for (let call = 0; call < 40; call++) {
          const content = call % 2 === 0 ? "Hi" : `${call} ${"long ".repeat(2_000)}`;
          await crosspoint.generate({ model: "main", messages: [{ role: "user", content }] });
          await clock.advance(50);
        }
        expect(new Set(sent.map(keyOf))).toEqual(new Set(["a"]));
        const { attempts } = await crosspoint.generate({ model: "main", messages });
        expect(attempts[0]!.decision!.dropped).toEqual([{ deployment: "spare", reason: "weight 0" }]);
        expect(attempts[0]!.decision!.candidates).not.toContain("spare");
        down = true;
        expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("spare");
      }
    },
  );

  test("weight 0: tags, a region and what others cannot take still lead there; orders count among spares; all at 0 are as all at 1", async () => {
    const { crosspoint } = wired(() => chatAnswer("ok"), {
      models: {
        main: { deployments: [A, { ...B, weight: 0, tags: ["paid", "default"], region: "eu" }] },
        seeing: {
          deployments: [
            { model: "openai-chat/gpt-3.5-turbo", id: "blind", apiKey: A.apiKey },
            { ...B, id: "eyes", weight: 0 },
          ],
        },
        spares: {
          deployments: [
            { ...A, enabled: false },
            { ...B, weight: 0, order: 2 },
            { ...B, id: "near", weight: 0 },
          ],
        },
        none: {
          deployments: [
            { ...A, weight: 0 },
            { ...B, weight: 0 },
          ],
          strategy: "round-robin",
        },
      },
    });
    const at = async (model: string, more: object = {}): Promise<string> =>
      (await crosspoint.generate({ model, messages, ...more })).deployment;
    expect(await at("main")).toBe("a");
    expect(await at("main", { attribution: { tags: ["paid"] } })).toBe("b");
    expect(await at("main", { region: "eu" })).toBe("b");
    const image = { type: "file", mediaType: "image/png", data: { type: "url", url: "https://example.com/a.png" } } as const;
    expect(await at("seeing", { messages: [{ role: "user", content: [image] }] })).toBe("eyes");
    expect(await at("seeing")).toBe("blind");
    expect(await at("spares")).toBe("near");
    expect([await at("none"), await at("none")].sort()).toEqual(["a", "b"]);
  });

  test("each attempt tells what was decided and why", async () => {
    const { crosspoint } = wired((each) => (keyOf(each) === "b" ? failure(503, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [A, B, { ...B, id: "off", enabled: false }], strategy: "least-busy" } },
    });
    const { attempts } = await crosspoint.generate({ model: "main", messages });
    expect(attempts.map(({ decision }) => decision)).toEqual([
      {
        group: "main",
        strategy: "least-busy",
        candidates: ["a", "b"],
        dropped: [{ deployment: "off", reason: "disabled" }],
        scores: { a: 1, b: 1 },
      },
      {
        group: "main",
        strategy: "least-busy",
        candidates: ["a"],
        dropped: [
          { deployment: "off", reason: "disabled" },
          { deployment: "b", reason: "tried before" },
        ],
      },
    ]);
  });
});

describe("a strategy of one's own that fails", () => {
  const mishap = new TypeError("no such field");
  test.each([
    [
      "throws",
      () => {
        throw mishap;
      },
      'the strategy function of "main" failed: no such field',
    ],
    [
      "throws no error",
      () => {
        throw "a text";
      },
      'the strategy function of "main" failed: string',
    ],
    [
      "waits",
      async () => {
        throw mishap;
      },
      'the strategy function of "main" gave a promise: it must answer at once',
    ],
    ["chooses another", () => "z", 'the strategy function of "main" chose "z", which is no candidate'],
    ["chooses no name", () => 1n, 'the strategy function of "main" chose a bigint, which is no candidate'],
  ])("%s: the program's fault, in code and over HTTP, and nothing is sent", async (_name, strategy, message) => {
    const { crosspoint, sent } = wired(() => chatAnswer("ok"), {
      models: { main: { deployments: [A, B], strategy: strategy as () => string, fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    const asked = { model: "main", messages } as const;
    for (const call of [crosspoint.generate(asked), crosspoint.stream(asked).response, crosspoint.explain(asked)]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ code: "INVALID_OPTIONS", status: 500, retryable: false, param: "strategy", message });
      if (message.endsWith("no such field")) expect(error.cause).toBe(mishap);
    }
    const response = await crosspoint.fetch("http://x.invalid/v1/chat/completions", { method: "POST", body: JSON.stringify(asked) });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { message } });
    expect(sent).toHaveLength(0);
  });

  test("an error of this package that it throws stays what it is", async () => {
    const refusal = new CrosspointError("PERMISSION_DENIED", "not at night");
    const strategy = (): never => {
      throw refusal;
    };
    const { crosspoint } = wired(() => chatAnswer("ok"), { models: { main: { deployments: [A, B], strategy } } });
    expect(await failureOf(crosspoint.generate({ model: "main", messages }))).toBe(refusal);
  });
});

describe("where a call may go", () => {
  const places = {
    models: {
      main: {
        deployments: [
          { ...A, region: "eu", tags: ["gold"] },
          { ...B, region: "us" },
        ],
      },
    },
  };

  test("a region is kept, in fallbacks too", async () => {
    const { crosspoint, sent } = wired(() => chatAnswer("ok"), places);
    expect((await crosspoint.generate({ model: "main", messages, region: "us" })).deployment).toBe("b");
    const error = await failureOf(crosspoint.generate({ model: "main", messages, region: "mars", fallbacks: ["openai-chat/gpt-4.1"] }));
    expect(error.code).toBe("MODEL_NOT_FOUND");
    expect(error.message).toContain("not in region mars");
    expect(sent).toHaveLength(1);
  });

  test("tags lead to their deployments, and untagged calls away from them", async () => {
    const { crosspoint } = wired(() => chatAnswer("ok"), places);
    for (let call = 0; call < 5; call++) {
      expect((await crosspoint.generate({ model: "main", messages, attribution: { tags: ["gold"] } })).deployment).toBe("a");
      expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("b");
    }
  });

  test("a deployment's own timeout counts", async () => {
    const { crosspoint, clock } = wired(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      { retries: 0, models: { main: { deployments: [{ ...A, timeout: 700 }] } } },
    );
    const pending = failureOf(crosspoint.generate({ model: "main", messages }));
    await clock.advance(700);
    expect((await pending).message).toContain("within 700 ms");
  });

  test("calls a minute: full ones are passed over; when all are, the call waits", async () => {
    const { crosspoint, clock, sent } = wired(() => chatAnswer("ok"), {
      models: {
        main: {
          deployments: [
            { ...A, rpm: 2 },
            { ...B, rpm: 1 },
          ],
          strategy: "round-robin",
        },
      },
    });
    for (let call = 0; call < 3; call++) await crosspoint.generate({ model: "main", messages });
    expect(sent.map(keyOf).toSorted()).toEqual(["a", "a", "b"]);
    const pending = crosspoint.generate({ model: "main", messages });
    await clock.advance(1_000);
    expect(sent).toHaveLength(3);
    await clock.advance(65_000);
    await pending;
    expect(sent).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });

  test("calls at the same time: further ones wait for their turn and all are answered", async () => {
    let running = 0;
    let most = 0;
    const { crosspoint, clock } = wired(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running--;
        return chatAnswer("ok");
      },
      { models: { main: { deployments: [{ ...A, maxParallelRequests: 2 }] } } },
    );
    await crosspoint.generate({ model: "main", messages });
    const all = await Promise.all(Array.from({ length: 12 }, () => crosspoint.generate({ model: "main", messages })));
    expect(all.map(({ text }) => text)).toEqual(all.map(() => "ok"));
    expect(most).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test("an abort ends the wait for a place", async () => {
    const { crosspoint, clock } = wired(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      {
        models: { main: { deployments: [{ ...A, maxParallelRequests: 1 }] } },
      },
    );
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => failureOf(crosspoint.generate({ model: "main", messages, signal })));
    await clock.advance(100);
    controllers[1]!.abort();
    expect((await calls[1]!).code).toBe("ABORTED");
    controllers[0]!.abort();
    expect((await calls[0]!).code).toBe("ABORTED");
    expect(clock.pending).toBe(0);
  });
});

describe("health", () => {
  const main = { main: { deployments: [A], fallbacks: ["other"] }, other: { deployments: [B] } };

  test("a deployment that fails is left alone, probed by one call at a time, and taken back", async () => {
    let isDown = true;
    const { crosspoint, clock, sent } = wired((each) => (keyOf(each) === "a" && isDown ? failure(503, {}) : chatAnswer("ok")), {
      models: main,
    });
    const call = async (): Promise<string> => {
      const pending = crosspoint.generate({ model: "main", messages });
      await clock.advance(0);
      return (await pending).deployment;
    };
    const first = crosspoint.generate({ model: "main", messages });
    await clock.advance(10_000);
    await first;
    const before = sent.length;
    expect(sent.map(keyOf).filter((key) => key === "a")).toHaveLength(3);
    for (let second = 0; second < 20; second++) {
      expect(await call()).toBe("b");
      await clock.advance(1_000);
    }
    // Probes only, each at the head of one call.
    expect(
      sent
        .slice(before)
        .map(keyOf)
        .filter((key) => key === "a").length,
    ).toBeLessThanOrEqual(3);
    isDown = false;
    await clock.advance(30_000);
    expect(await call()).toBe("a");
    expect(await crosspoint.health()).toMatchObject([{ deployment: "a", state: "closed" }, { deployment: "b" }]);
  });

  test("health() tells what is down, since when, and why", async () => {
    const { crosspoint, clock } = wired((each) => (keyOf(each) === "a" ? failure(503, { message: "no capacity" }) : chatAnswer("ok")), {
      models: { ...main, off: { deployments: [{ ...B, id: "off", enabled: false }] } },
    });
    const pending = crosspoint.generate({ model: "main", messages });
    await clock.advance(10_000);
    await pending;
    expect(await crosspoint.health()).toMatchObject([
      {
        deployment: "a",
        provider: "openai-chat",
        model: "gpt-4o",
        at: "deployment",
        error: { code: "OVERLOADED" },
        inFlight: 0,
        recent: { successes: 0, failures: 3 },
        total: { successes: 0, failures: 3 },
        requestsPerMinute: 3,
      },
      { deployment: "b", state: "closed", total: { successes: 1, failures: 0 }, tokensPerMinute: 15 },
      { deployment: "off", state: "disabled" },
    ]);
  });

  test("the caller's faults speak against nobody", async () => {
    const { crosspoint } = wired(() => failure(400, {}), { models: main });
    for (let call = 0; call < 5; call++) await failureOf(crosspoint.generate({ model: "main", messages }));
    expect((await crosspoint.health())[0]).toMatchObject({ state: "closed", total: { failures: 0 } });
  });

  test("a failure is counted once, also when that of another call loaded the routing meanwhile", async () => {
    const clock = createFakeClock();
    const { crosspoint } = wired(
      async (_, index) => {
        if (index > 0) await new Promise<void>((resolve) => void clock.after(1_000, resolve));
        return failure(500, {});
      },
      { clock, retries: 0 },
    );
    const [first, second] = [1, 2].map(() => failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages })));
    await first;
    await clock.advance(1_000);
    await second;
    expect((await crosspoint.health())[0]).toMatchObject({ state: "closed", total: { failures: 2 } });
  });

  test("a call with a key of its own is asked where it was meant for while the configured key rests, and does not mend that", async () => {
    const { crosspoint, sent } = wired((each) => (keyOf(each) === "a" ? failure(401, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [A], fallbacks: ["groq/llama-3.3-70b-versatile"] } },
    });
    const ask = async (more = {}) => (await crosspoint.generate({ model: "main", messages, ...more })).deployment;
    const own = { apiKey: "sk-key-b-00000000" };
    expect([await ask(), await ask(own), await ask()]).toEqual([expect.stringMatching(/^groq/), "a", expect.stringMatching(/^groq/)]);
    expect(sent).toHaveLength(4);
    expect((await crosspoint.health())[0]).toMatchObject({ deployment: "a", state: "open", at: "key" });
  });

  test("a call that is given up while a function is asked for the key was aborted, and costs nothing", async () => {
    const clock = createFakeClock();
    const rows: SpendRow[] = [];
    const apiKey = () => new Promise<string>((resolve) => void clock.after(200, () => resolve("sk-late-00000000")));
    const onSpend = (row: SpendRow) => void rows.push(row);
    const { crosspoint, sent } = wired(() => chatAnswer("ok"), {
      clock,
      timeout: 100,
      retries: 0,
      onSpend,
      providers: { "openai-chat": { apiKey } },
    });
    const left = new AbortController();
    const gone = failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages, signal: left.signal }));
    const late = failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages }));
    await clock.advance(50);
    left.abort();
    await clock.advance(150);
    expect([(await gone).code, (await late).code]).toEqual(["ABORTED", "TIMEOUT"]);
    expect(sent).toHaveLength(0);
    expect(rows.map(({ outcome, usage, cost }) => ({ outcome, usage, cost }))).toEqual([{ outcome: "aborted" }, { outcome: "failure" }]);
  });

  test("a pattern whose fallback is met by itself leads to a few groups, not to thousands", async () => {
    const { crosspoint } = wired(() => failure(400, {}), { models: { "x/*": { deployments: ["openai-chat/*"], fallbacks: ["x/y*"] } } });
    await failureOf(crosspoint.generate({ model: "x/gpt-4o", messages }));
    expect((await crosspoint.health()).length).toBeLessThan(20);
  });

  test("what is left of a deadline speaks against whoever took the most of it", async () => {
    const clock = createFakeClock();
    const { crosspoint } = wired(
      (each) =>
        new Promise((resolve, reject) => {
          clock.after(keyOf(each) === "a" ? 900 : 200, () => resolve(failure(500, {})));
          each.signal.addEventListener("abort", () => reject(each.signal.reason as Error));
        }),
      { clock, retries: 0, deadline: 1_000, models: { main: { deployments: [A], fallbacks: ["other"] }, other: { deployments: [B] } } },
    );
    for (let call = 0; call < 3; call++) {
      const failed = failureOf(crosspoint.generate({ model: "main", messages }));
      await clock.advance(1_000);
      expect((await failed).code).toBe("TIMEOUT");
    }
    expect((await crosspoint.health()).map(({ deployment, state }) => [deployment, state])).toEqual([
      ["a", "open"],
      ["b", "closed"],
    ]);
  });

  test("the deadline counts the time that a store took", async () => {
    const clock = createFakeClock();
    const store = memoryStore();
    const slow: Store = {
      ...store,
      async reserve(...args) {
        await new Promise<void>((resolve) => void clock.after(600, resolve));
        return store.reserve(...args);
      },
    };
    const hang: Reply = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    const { crosspoint } = wired(hang, { clock, retries: 0, deadline: 1_000, store: slow, limits: [{ rpm: 100 }] });
    const failed = failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages }));
    await clock.advance(1_000);
    expect((await failed).message).toContain("did not answer within 400 ms (option deadline)");
  });

  test("a bad key is left alone at once, with all that use it; a key of the call's own is the caller's affair", async () => {
    const shared = { ...A, id: "a2", model: "openai-chat/gpt-4.1" };
    const { crosspoint, sent } = wired((each) => (keyOf(each) === "a" ? failure(401, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [A, B] }, sister: { deployments: [shared], fallbacks: ["main"] } },
    });
    await failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages, apiKey: "sk-key-a-00000000" }));
    expect((await crosspoint.health()).every(({ state }) => state === "closed")).toBe(true);
    expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("b");
    expect((await crosspoint.generate({ model: "sister", messages })).deployment).toBe("b");
    expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("b");
    expect(sent.map(keyOf)).toEqual(["a", "a", "b", "b", "b"]);
    expect((await crosspoint.health()).map(({ deployment, state, at }) => [deployment, state, at])).toMatchObject([
      ["a", "open", "key"],
      ["b", "closed", undefined],
      ["a2", "open", "key"],
      ["openai-chat/gpt-4o", "closed", undefined],
    ]);
  });

  test("with nowhere else to go, what is down is asked all the same", async () => {
    const { crosspoint, clock, sent } = wired((_, index) => (index < 3 ? failure(503, {}) : chatAnswer("ok")), {
      models: { main: { deployments: [A] } },
    });
    const failing = failureOf(crosspoint.generate({ model: "main", messages }));
    await clock.advance(10_000);
    await failing;
    expect((await crosspoint.health())[0]!.state).not.toBe("closed");
    expect((await crosspoint.generate({ model: "main", messages })).text).toBe("ok");
    expect(sent).toHaveLength(4);
  });

  test("all of a chain down, its head is asked before the call is given up", async () => {
    const { crosspoint, clock, sent } = wired(() => failure(503, {}), { models: main, retries: 0 });
    for (let call = 0; call < 4; call++) {
      await failureOf(crosspoint.generate({ model: "main", messages }));
      await clock.advance(1);
    }
    expect((await crosspoint.health()).map(({ state }) => state)).toEqual(["open", "open"]);
    sent.length = 0;
    expect((await failureOf(crosspoint.generate({ model: "main", messages }))).code).toBe("OVERLOADED");
    expect(sent.map(keyOf)).toEqual(["a"]);
  });
});

describe("fallbacks", () => {
  const image = [
    { role: "user", content: [{ type: "file", mediaType: "image/png", data: { type: "url", url: "https://example.com/a.png" } }] },
  ] as const;
  const down: Reply = (each) => (keyOf(each) === "a" ? failure(503, {}) : chatAnswer("ok"));
  const settle = async <T>(clock: { advance(ms: number): Promise<void> }, promise: Promise<T>): Promise<T> => {
    await clock.advance(60_000);
    return promise;
  };

  test("those of the layer serve every model that has none of its own", async () => {
    const { crosspoint, clock } = wired(({ url }) => (url.includes("groq") ? chatAnswer("ok") : failure(503, {})), {
      fallbacks: ["groq/llama-3.3-70b-versatile"],
      models: { lonely: { deployments: [A], fallbacks: [] } },
    });
    expect((await settle(clock, crosspoint.generate({ model: "openai-chat/gpt-4o", messages }))).provider).toBe("groq");
    const error = failureOf(crosspoint.generate({ model: "lonely", messages }));
    expect((await settle(clock, error)).code).toBe("OVERLOADED");
    const own = failureOf(crosspoint.generate({ model: "openai-chat/gpt-4o", messages, fallbacks: [] }));
    expect((await settle(clock, own)).code).toBe("OVERLOADED");
  });

  test("a circle ends", async () => {
    const { crosspoint, clock, sent } = wired(() => failure(503, {}), {
      retries: 0,
      models: {
        a: { deployments: [A], fallbacks: ["b", "a"] },
        b: { deployments: [B], fallbacks: ["c", "a"] },
        c: { deployments: [{ ...B, id: "c" }], fallbacks: ["b", "a", "c"] },
      },
    });
    expect((await settle(clock, failureOf(crosspoint.generate({ model: "a", messages })))).code).toBe("OVERLOADED");
    expect(sent).toHaveLength(3);
  });

  test("one that cannot take the images is passed over, unless the group says otherwise", async () => {
    const blind = { model: "openai-chat/gpt-3.5-turbo", id: "blind", apiKey: "sk-key-x-00000000" };
    const models = {
      main: { deployments: [A], fallbacks: ["blind", "seeing"] },
      blind: { deployments: [blind] },
      seeing: { deployments: [B] },
    };
    const first = wired(down, { models });
    const explained = await first.crosspoint.explain({ model: "main", messages: image });
    if (explained.fallbacks[0]!.skipped === undefined) expect.fail("the catalogue should know that gpt-3.5-turbo sees nothing");
    expect((await settle(first.clock, first.crosspoint.generate({ model: "main", messages: image }))).deployment).toBe("b");
    const second = wired(down, { models: { ...models, blind: { deployments: [blind], degrade: true } } });
    expect((await settle(second.clock, second.crosspoint.generate({ model: "main", messages: image }))).deployment).toBe("blind");
  });

  test("the record tells which groups were passed over, and why, before the attempt that followed", async () => {
    const models = {
      main: { deployments: [A], fallbacks: ["blind", "lost", "seeing"] },
      blind: { deployments: [{ model: "openai-chat/gpt-3.5-turbo", id: "blind", apiKey: "sk-key-x-00000000" }] },
      seeing: { deployments: [B, { ...B, id: "b2" }] },
    };
    const { crosspoint, clock } = wired(down, { models, retries: 0 });
    const skipped = [
      { group: "blind", reason: "blind takes no image" },
      { group: "lost", reason: expect.stringMatching(/^No model "lost"/) as unknown },
    ];
    const { attempts } = await crosspoint.generate({ model: "main", messages: image });
    expect(attempts.map(({ decision }) => decision)).toEqual([
      undefined,
      { group: "seeing", strategy: "shuffle", candidates: ["b", "b2"], skipped },
    ]);
    // All of the first group out: it was passed over itself.
    for (let call = 0; call < 3; call++) await crosspoint.generate({ model: "main", messages: image });
    const later = await crosspoint.generate({ model: "main", messages: image });
    expect(later.attempts).toMatchObject([
      {
        deployment: expect.stringMatching(/^b/) as unknown,
        decision: { skipped: [{ group: "main", reason: expect.stringContaining("a (cooling down)") as unknown }, ...skipped] },
      },
    ]);
    expect((await crosspoint.generate({ model: "seeing", messages: image })).attempts[0]!.decision).not.toHaveProperty("skipped");
    expect(clock.pending).toBe(0);
  });

  test("a call that fails tells with its last attempt which groups were left; the provider's error stays, whatever a list names", async () => {
    const models = {
      main: { deployments: [A], fallbacks: ["lost", "blind"] },
      blind: { deployments: [{ model: "openai-chat/gpt-3.5-turbo", id: "blind" }] },
    };
    const { crosspoint } = wired(down, { models, retries: 0 });
    const stream = crosspoint.stream({ model: "main", messages: image });
    for (const call of [crosspoint.generate({ model: "main", messages: image }), stream.response]) {
      const error = await failureOf(call);
      expect(error.code).toBe("OVERLOADED");
      expect(error.attempts).toMatchObject([
        {
          deployment: "a",
          decision: { group: "main", candidates: ["a"], skipped: [{ group: "lost" }, { group: "blind", reason: "blind takes no image" }] },
        },
      ]);
    }
  });

  test("the names of a call's own fallbacks are looked up before anything is sent", async () => {
    const { crosspoint, sent } = wired(down, { models: { main: { deployments: [A] }, odd: "odd/*", "odd/*": "odd" } });
    for (const [fallbacks, code, message] of [
      [["openai-chat/gpt-4o", "lost"], "MODEL_NOT_FOUND", /^fallbacks\[1\]: No model "lost"/],
      [["main", "odd"], "INVALID_OPTIONS", /^fallbacks\[1\]: .*itself/],
    ] as const) {
      const asked = { model: "main", messages, fallbacks };
      for (const call of [crosspoint.generate(asked), crosspoint.stream(asked).response, crosspoint.explain(asked)]) {
        const error = await failureOf(call);
        expect(error).toMatchObject({ code, param: "fallbacks[1]" });
        expect(error.message).toMatch(message);
      }
    }
    expect(sent).toHaveLength(0);
  });

  test("one that takes no tools is passed over by a call with tools, in a group and as a fallback", async () => {
    const toolless = { model: "openai-chat/o1-mini", id: "toolless", apiKey: "sk-key-x-00000000" };
    const tools = [{ name: "look", parameters: { type: "object" } }] as const;
    const models = {
      main: { deployments: [A], fallbacks: ["toolless", "handy"] },
      toolless: { deployments: [toolless] },
      handy: { deployments: [B] },
      mixed: { deployments: [toolless, { ...B, order: 2 }] },
    };
    const { crosspoint, clock } = wired(down, { models });
    expect((await crosspoint.explain({ model: "main", messages, tools })).fallbacks[0]!.skipped).toBe("toolless takes no tools");
    expect((await crosspoint.explain({ model: "mixed", messages, tools })).chosen).toBe("b");
    expect((await crosspoint.explain({ model: "mixed", messages })).chosen).toBe("toolless");
    expect((await settle(clock, crosspoint.generate({ model: "main", messages, tools }))).deployment).toBe("b");
    expect((await settle(clock, crosspoint.generate({ model: "main", messages }))).deployment).toBe("toolless");
    const worse = wired(down, { models: { ...models, toolless: { deployments: [toolless], degrade: true } } });
    expect((await settle(worse.clock, worse.crosspoint.generate({ model: "main", messages, tools }))).deployment).toBe("toolless");
  });

  test("content that is refused stays refused, but for fallbacks that are meant for it", async () => {
    const refuse: Reply = (each) => (keyOf(each) === "a" ? failure(400, { code: "content_policy_violation" }) : chatAnswer("ok"));
    const plain = wired(refuse, { models: { main: { deployments: [A], fallbacks: ["other"] }, other: { deployments: [B] } } });
    expect((await failureOf(plain.crosspoint.generate({ model: "main", messages }))).code).toBe("CONTENT_POLICY");
    expect(plain.sent).toHaveLength(1);
    const meant = wired(refuse, { models: { main: { deployments: [A], contentPolicyFallbacks: ["other"] }, other: { deployments: [B] } } });
    expect((await meant.crosspoint.generate({ model: "main", messages })).deployment).toBe("b");
  });

  test("a conversation that is surely too long goes to a larger model without being refused first", async () => {
    const models = {
      main: { deployments: [A], contextWindowFallbacks: ["large"] },
      large: { deployments: [{ ...B, model: "openai-chat/gpt-4.1" }] },
    };
    const { crosspoint, sent } = wired(() => chatAnswer("ok"), { models });
    const long = [{ role: "user", content: "some words of it ".repeat(60_000) }] as const;
    const response = await crosspoint.generate({ model: "main", messages: long });
    expect(response.deployment).toBe("b");
    expect(response.attempts.map(({ reason }) => reason)).toEqual(["fallback"]);
    expect(sent).toHaveLength(1);
    expect((await crosspoint.generate({ model: "main", messages })).deployment).toBe("a");
  });

  test("without a larger model the provider has the last word", async () => {
    const { crosspoint, sent } = wired(() => failure(400, { code: "context_length_exceeded" }), {
      models: { main: { deployments: [A], fallbacks: ["same"] }, same: { deployments: [B] } },
    });
    const long = [{ role: "user", content: "some words of it ".repeat(60_000) }] as const;
    expect((await failureOf(crosspoint.generate({ model: "main", messages: long }))).code).toBe("CONTEXT_WINDOW_EXCEEDED");
    // The fallback is as small: it is not bothered.
    expect(sent.map(keyOf)).toEqual(["a"]);
  });
});

describe("explain", () => {
  test("tells where a call would go, and sends nothing", async () => {
    const { crosspoint, sent } = wired(() => chatAnswer("ok"), {
      models: {
        main: {
          deployments: [A, { ...B, region: "eu" }, { ...B, id: "off", enabled: false }],
          strategy: "least-busy",
          fallbacks: ["next"],
        },
        next: { deployments: [{ ...B, id: "n" }], fallbacks: ["main", "last"] },
        last: "groq/llama-3.3-70b-versatile",
      },
    });
    expect(await crosspoint.explain({ model: "main", messages })).toEqual({
      group: "main",
      strategy: "least-busy",
      chosen: expect.stringMatching(/^[ab]$/) as unknown,
      candidates: ["a", "b"],
      dropped: [{ deployment: "off", reason: "disabled" }],
      scores: { a: 1, b: 1 },
      estimatedTokens: expect.any(Number) as unknown,
      fallbacks: [
        { group: "next", strategy: "shuffle", chosen: "n", candidates: ["n"], dropped: [] },
        {
          group: "last",
          strategy: "shuffle",
          chosen: "groq/llama-3.3-70b-versatile",
          candidates: ["groq/llama-3.3-70b-versatile"],
          dropped: [],
        },
      ],
      contextWindowFallbacks: expect.any(Array) as unknown,
      contentPolicyFallbacks: [],
    });
    expect((await crosspoint.explain({ model: "main", messages, region: "eu" })).dropped).toContainEqual({
      deployment: "a",
      reason: "not in region eu",
    });
    expect(sent).toHaveLength(0);
  });

  test("of a plain model string, and of one that is unknown", async () => {
    const { crosspoint } = wired(() => chatAnswer("ok"));
    expect(await crosspoint.explain({ model: "openai-chat/gpt-4o", messages })).toMatchObject({
      chosen: "openai-chat/gpt-4o",
      fallbacks: [],
    });
    expect((await failureOf(crosspoint.explain({ model: "opnai/gpt-4o", messages }))).code).toBe("MODEL_NOT_FOUND");
  });
});

test.each([
  [{ recovery: "again" }, "recovery"],
  [{ hedge: { afterMs: "soon" } }, "hedge"],
  [{ hedge: null }, "hedge"],
  [{ strategy: "best" }, "strategy"],
  [{ fallbacks: "x" }, "fallbacks"],
])("the options %j are refused by name", (options, param) => {
  expect(() => createWired(() => chatAnswer(""), options as CrosspointOptions)).toThrow(param);
});

test("a mistake in a group is told by every call", async () => {
  const { crosspoint, sent } = wired(() => chatAnswer("ok"), { models: { main: { deployments: [{ ...A, wieght: 2 } as typeof A] } } });
  for (let call = 0; call < 2; call++) {
    expect(await failureOf(crosspoint.generate({ model: "main", messages }))).toMatchObject({
      code: "INVALID_OPTIONS",
      param: "models.main.deployments[0].wieght",
    });
  }
  expect(sent).toHaveLength(0);
});
