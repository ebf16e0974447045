import { expect, test } from "vitest";
import { createCrosspoint, type CrosspointOptions, type Logger } from "../../src/index.ts";
import { chatAnswer, chatFrames, createFeed, createWired, failure, type Reply } from "../support/wire.ts";

const request = { model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "the prompt" }] } as const;

function createLogged(reply: Reply, options: CrosspointOptions = {}) {
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields: { ...fields }, message });
  const logger: Logger = { debug: at("debug"), warn: at("warn") };
  return { ...createWired(reply, { logger, ...options }), lines };
}

test("a line for every call, without prompt, answer or key", async () => {
  const { crosspoint, lines } = createLogged(() => chatAnswer("the answer"));
  await crosspoint.generate({ ...request, attribution: { team: "search" } });
  expect(lines).toEqual([
    {
      level: "debug",
      message: "call",
      fields: expect.objectContaining({
        model: "openai-chat/gpt-4o",
        deployment: "openai-chat/gpt-4o",
        outcome: "success",
        attempts: 1,
        inputTokens: 10,
        outputTokens: 5,
        cost: 0.000075,
        team: "search",
      }) as unknown,
    },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/the prompt|the answer|sk-/);
});

test("failures by their code, without the provider's words", async () => {
  const { crosspoint, lines } = createLogged(() => failure(400, { message: "bad: the prompt" }));
  await crosspoint.generate(request).catch(() => {});
  expect(lines[0]!.fields).toMatchObject({ outcome: "failure", error: "BAD_REQUEST" });
  expect(JSON.stringify(lines)).not.toContain("the prompt");
});

test("a stream that is left is aborted, and has its line once", async () => {
  const feed = createFeed();
  for (const frame of chatFrames(["Hello"]).slice(0, 2)) feed.push(frame);
  const { crosspoint, lines } = createLogged(() => feed.response);
  for await (const event of crosspoint.stream(request)) if (event.type === "text-delta") break;
  expect(lines.map(({ fields }) => fields["outcome"])).toEqual(["aborted"]);
});

test("warnings of the call are told", async () => {
  const { crosspoint, lines } = createLogged(() => chatAnswer("ok"), {
    budgets: [{ id: "b", limit: 0, onExceed: "downgrade", to: "lab/free" }],
    providers: { lab: { codec: "openai-chat", baseURL: "http://127.0.0.1:8000/v1" } },
    prices: { "lab/free": { input: 0, output: 0 } },
  });
  await crosspoint.generate(request);
  expect(lines.map(({ level }) => level)).toEqual(["warn", "debug"]);
  expect(lines[0]!.fields).toMatchObject({ type: "other", feature: "model" });
});

test("a logger that throws breaks nothing; one that is none is refused", async () => {
  const broken = (): never => expect.fail("mine");
  const { crosspoint } = createLogged(() => chatAnswer("ok"), { logger: { debug: broken, warn: broken } });
  expect(await crosspoint.generate(request)).toMatchObject({ text: "ok" });
  expect(() => createCrosspoint({ logger: {} as Logger })).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", param: "logger" }));
});
