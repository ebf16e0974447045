import { RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { createAgent } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";
import { CONFIG as CALL_CONFIG, readAttribution } from "../../../adapters/langchain/attribution.ts";
import { setUp, weather } from "./support.ts";

const MODEL = "openai-chat/gpt-4o";
const CONFIG = { metadata: { user_id: "u1", team: "search", release: "r7" }, tags: ["prod"], configurable: { thread_id: "th1" } };
const EXPECTED = {
  user: "u1",
  team: "search",
  session: "th1",
  tags: expect.arrayContaining(["made", "prod"]) as string[],
  metadata: { release: "r7", origin: "tests" },
};
const FIELDS = { tags: ["made"], metadata: { origin: "tests" } };

type Model = ReturnType<ReturnType<typeof setUp>["chat"]>;

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const question = { messages: [{ role: "user" as const, content: "weather in Oslo" }] };

/** Every way by which a config reaches a model. */
const PATHS: Readonly<Record<string, (chat: Model) => Promise<unknown>>> = {
  invoke: (chat) => chat.invoke("hi", CONFIG),
  stream: async (chat) => drain(await chat.stream("hi", CONFIG)),
  streamEvents: async (chat) => chat.streamEvents("hi", CONFIG),
  "streamEvents v2": async (chat) => drain(chat.streamEvents("hi", { ...CONFIG, version: "v2" })),
  batch: (chat) => chat.batch(["hi"], CONFIG),
  generate: (chat) => chat.generate([[{ role: "user", content: "hi" }]], CONFIG),
  sequence: (chat) => RunnableSequence.from([RunnableLambda.from((text: string) => text), chat]).invoke("hi", CONFIG),
  "bindTools and withConfig": (chat) => chat.bindTools([weather]).withConfig(CONFIG).invoke("hi"),
  withRetry: (chat) => chat.withRetry().invoke("hi", CONFIG),
  withStructuredOutput: (chat) => chat.withStructuredOutput(z.object({ a: z.number() })).invoke("a is 1", CONFIG),
  "with callbacks": (chat) => chat.invoke("hi", { ...CONFIG, callbacks: [{ handleLLMEnd() {} }] }),
  createAgent: (chat) => createAgent({ model: chat, tools: [weather] }).invoke(question, CONFIG),
  "createAgent, messages": async (chat) =>
    drain(await createAgent({ model: chat, tools: [weather] }).stream(question, { ...CONFIG, streamMode: "messages" })),
  "createAgent, events v3": async (chat) =>
    drain(await createAgent({ model: chat, tools: [weather] }).streamEvents(question, { ...CONFIG, version: "v3" })),
  createReactAgent: (chat) => createReactAgent({ llm: chat, tools: [weather] }).invoke(question, CONFIG),
};

test.each(Object.entries(PATHS))("%s: metadata, tags and thread reach the spend row", async (_path, run) => {
  const { chat, rows } = setUp();
  await run(chat(MODEL, FIELDS));
  expect(rows.length).toBeGreaterThan(0);
  for (const { attribution } of rows) expect(attribution).toEqual(EXPECTED);
});

test("cached: the call that is made is attributed", async () => {
  const { chat, rows } = setUp();
  const cached = chat(MODEL, { ...FIELDS, cache: true });
  await cached.invoke("cached attribution", CONFIG);
  await cached.invoke("cached attribution", CONFIG);
  expect(rows.map((row) => row.attribution)).toEqual([EXPECTED]);
});

test("a model inside a tool is attributed to the agent's caller", async () => {
  const { chat, rows } = setUp();
  const inner = chat(MODEL);
  const ask = tool(async ({ text }) => (await inner.invoke(text)).text, {
    name: "ask",
    description: "Asks.",
    schema: z.object({ text: z.string() }),
  });
  await createAgent({ model: chat(MODEL), tools: [ask] }).invoke({ messages: [{ role: "user", content: "ask" }] }, CONFIG);
  expect(rows).toHaveLength(3);
  for (const { attribution } of rows) expect(attribution).toMatchObject({ user: "u1", team: "search" });
});

test("an agent's name, and its context", async () => {
  const { chat, rows } = setUp();
  const agent = createAgent({
    model: chat(MODEL),
    tools: [],
    name: "helper",
    contextSchema: z.object({ user: z.string(), team: z.string() }),
  });
  await agent.invoke(question, { context: { user: "cu", team: "ct" } });
  expect(rows[0]!.attribution).toEqual({ user: "cu", team: "ct", metadata: { agent: "helper" } });
});

test("the call's own attribution wins over metadata, that over context, that over configurable, that over the model", () => {
  const model = { attribution: { user: "made", team: "made", project: "made", session: "made" }, metadata: {}, tags: [] };
  const options = { context: { user: "context", team: "context", session: "context" }, attribution: { user: "call" } };
  const config = { metadata: { team: "metadata" }, configurable: { session: "configurable", user: "configurable" } };
  const attribution = readAttribution({ options: { ...options, [CALL_CONFIG]: config }, model });
  expect(attribution).toEqual({ user: "call", team: "metadata", session: "context", project: "made" });
});

test("metadata that a framework filled never breaks a call", async () => {
  const { chat, rows } = setUp();
  const metadata = {
    langgraph_step: 1,
    ls_provider: "x",
    lc_source: "summarization",
    __pregel: "x",
    checkpoint_ns: "x",
    versions: { a: 1 },
    long: "x".repeat(2_000),
    nothing: null,
    list: [1],
    ...Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`k${index}`, index])),
  };
  const tags = ["seq:step:1", "graph:step:2", "langsmith:hidden", ...Array.from({ length: 50 }, (_, index) => `tag${index}`)];
  await chat(MODEL).invoke("hi", { metadata, tags });
  const { attribution } = rows[0]!;
  expect(attribution!.tags).toHaveLength(32);
  expect(attribution!.tags![0]).toBe("tag0");
  expect(Object.keys(attribution!.metadata!)).toHaveLength(64);
  expect(attribution!.metadata!["long"]).toHaveLength(512);
  expect(Object.keys(attribution!.metadata!).filter((key) => /^(?:langgraph|ls_|lc_|__|checkpoint|versions)/.test(key))).toEqual([]);
});

test("nothing of it reaches the provider", async () => {
  const { chat, simulator } = setUp();
  await chat(MODEL, FIELDS).invoke("hi", CONFIG);
  const { body, headers } = simulator.requests[0]!;
  expect(JSON.stringify([body, headers])).not.toMatch(/u1|search|th1|prod|made/);
});
