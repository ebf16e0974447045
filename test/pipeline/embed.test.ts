import { describe, expect, test } from "vitest";
import { CrosspointError } from "../../src/index.ts";
import { createFakeClock } from "../support/clock.ts";
import { createWired, failure, type Sent } from "../support/wire.ts";

const env = { OPENAI_API_KEY: "sk-test-openai-000000", GEMINI_API_KEY: "test-gemini-000000", ANTHROPIC_API_KEY: "sk-ant-test-000000" };
const large = "openai/text-embedding-3-large";

/** Vectors that tell their input's place, in the order that a provider likes. */
function openaiAnswer({ body }: Sent): Response {
  const input = body["input"] as readonly string[];
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: [Number(text), input.length] })).toReversed();
  return Response.json({
    object: "list",
    data,
    model: "text-embedding-3-large",
    usage: { prompt_tokens: input.length, total_tokens: input.length },
  });
}

function geminiAnswer({ body }: Sent): Response {
  const requests = body["requests"] as readonly { content: { parts: { text: string }[] } }[];
  return Response.json({ embeddings: requests.map(({ content }) => ({ values: [Number(content.parts[0]!.text)] })) });
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe("E01 many inputs", () => {
  test.each([
    [large, 2_048, openaiAnswer],
    ["google/gemini-embedding-001", 100, geminiAnswer],
  ] as const)("%s takes %i at a time; order and sums hold", async (model, most, answer) => {
    const { crosspoint, sent } = createWired(answer, { env, prices: { [model]: { input: 0.13, output: 0 } } });
    const count = most * 2 + 3;
    const response = await crosspoint.embed({ model, input: numbers(count) });
    expect(sent).toHaveLength(3);
    expect(response.embeddings.map(([place]) => place)).toEqual(numbers(count).map(Number));
    expect(response.attempts).toHaveLength(3);
    // Gemini tells no count here: what is unknown stays so.
    const known = model === large;
    expect(response.usage.input.total).toBe(known ? count : undefined);
    expect(response.cost?.nanoUsd).toBe(known ? count * 130 : undefined);
  });

  test("a part that fails is tried again by itself", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired((each, index) => (index === 1 ? failure(503, {}) : openaiAnswer(each)), { env, clock });
    const call = crosspoint.embed({ model: "openai-chat/text-embedding-3-large", input: numbers(2_050) });
    for (let second = 0; second < 10; second++) await clock.advance(1_000);
    expect((await call).embeddings).toHaveLength(2_050);
    expect(sent.map(({ body }) => (body["input"] as string[]).length)).toEqual([2_048, 2, 2]);
  });

  test("another key of the group is tried before a wait, a refused one is left, and the next part stays where it went well", async () => {
    const keyOf = ({ headers }: Sent): string => headers.get("authorization")!.slice(-1);
    const pool = { model: large, apiKey: ["sk-key-a", "sk-key-b", "sk-key-c"] };
    const { crosspoint, sent } = createWired(
      (each) => (keyOf(each) === "a" ? failure(401, {}) : keyOf(each) === "b" ? failure(503, {}) : openaiAnswer(each)),
      { env, models: { vectors: { deployments: [pool, { model: "google/gemini-embedding-001", weight: 9 }] } } },
    );
    const response = await crosspoint.embed({ model: "vectors", input: numbers(2_050) });
    expect(sent.map(keyOf)).toEqual(["a", "b", "c", "c"]);
    expect(response.deployment).toBe(`${large}#3`);
    expect(response.embeddings).toHaveLength(2_050);
    await expect(crosspoint.embed({ model: "vectors", input: "1", apiKey: "sk-own-a" })).rejects.toMatchObject({ code: "AUTHENTICATION" });
    expect(sent).toHaveLength(5);
  });

  test.each([
    ["too few", [{ index: 0, embedding: [1] }]],
    [
      "a place twice",
      [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [2] },
      ],
    ],
    [
      "a place beyond",
      [
        { index: 0, embedding: [1] },
        { index: 9, embedding: [2] },
      ],
    ],
    [
      "no vectors",
      [
        { index: 0, embedding: "%%%" },
        { index: 1, embedding: null },
      ],
    ],
    ["no list", "none"],
  ])("%s is no answer", async (_name, data) => {
    const { crosspoint } = createWired(() => Response.json({ data }), { env, retries: 0 });
    const error: unknown = await crosspoint.embed({ model: large, input: ["0", "1"] }).catch((reason: unknown) => reason);
    expect(CrosspointError.is(error, "BAD_RESPONSE")).toBe(true);
  });
});

describe("E02 settings", () => {
  test("OpenAI: dimensions, user, encoding by option; vectors in base64 are read", async () => {
    const packed = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0.5, -2]).buffer)));
    const { crosspoint, sent } = createWired(() => Response.json({ data: [{ index: 0, embedding: packed }] }), { env });
    const response = await crosspoint.embed({
      model: large,
      input: "a",
      dimensions: 2,
      user: "u",
      providerOptions: { openai: { encoding_format: "base64" }, google: { x: 1 } },
      headers: { "x-mine": "1" },
    });
    expect(sent[0]).toMatchObject({
      url: "https://api.openai.com/v1/embeddings",
      body: { model: "text-embedding-3-large", input: ["a"], dimensions: 2, user: "u", encoding_format: "base64" },
    });
    expect(sent[0]!.body).not.toHaveProperty("x");
    expect(sent[0]!.headers.get("x-mine")).toBe("1");
    expect(response.embeddings).toEqual([[0.5, -2]]);
  });

  test("Gemini: one request for each input, with task and length", async () => {
    const { crosspoint, sent } = createWired(geminiAnswer, { env });
    await crosspoint.embed({
      model: "google/gemini-embedding-001",
      input: ["0", "1"],
      dimensions: 256,
      taskType: "RETRIEVAL_QUERY",
      providerOptions: { google: { title: "t" } },
    });
    const one = (text: string) => ({
      model: "models/gemini-embedding-001",
      content: { parts: [{ text }] },
      taskType: "RETRIEVAL_QUERY",
      outputDimensionality: 256,
      title: "t",
    });
    expect(sent[0]!.url).toBe("https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents");
    expect(sent[0]!.body).toEqual({ requests: [one("0"), one("1")] });
  });

  test("a provider without embeddings says so before anything is sent", async () => {
    const { crosspoint, sent } = createWired(openaiAnswer, { env });
    const error: unknown = await crosspoint.embed({ model: "anthropic/claude-sonnet-4-5", input: "a" }).catch((reason: unknown) => reason);
    expect(CrosspointError.is(error, "UNSUPPORTED")).toBe(true);
    expect(sent).toHaveLength(0);
  });
});

test.each([undefined, 5, [null], [["a"]]])("an input %j is no text", async (input) => {
  const { crosspoint, sent } = createWired(openaiAnswer, { env });
  const failed = await crosspoint.embed({ model: large, input: input as unknown as string }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "BAD_REQUEST", param: "input" });
  expect(sent).toEqual([]);
});

test("a page and a redirect are told for what they are", async () => {
  for (const [answer, words] of [
    [new Response("<html>", { headers: { "content-type": "text/html" } }), "check baseURL"],
    [new Response(null, { status: 302, headers: { location: "https://x.invalid/" } }), "redirect (302)"],
  ] as const) {
    const { crosspoint } = createWired(() => answer, { env, retries: 0 });
    const failed = await crosspoint.embed({ model: large, input: "a" }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "BAD_RESPONSE", message: expect.stringContaining(words) as string });
  }
});
