import { APICallError, type LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { generateText, NoSuchModelError, streamText } from "ai";
import { describe, expect, test } from "vitest";
import { CrosspointError } from "crosspoint";
import { createFace, drain, MODELS } from "./support.ts";

const user = (text: string) => [{ role: "user" as const, content: [{ type: "text" as const, text }] }];

async function parts(
  model: ReturnType<ReturnType<typeof createFace>["provider"]>,
  options: object = {},
): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await model.doStream({ prompt: user("hello"), ...options });
  return drain<LanguageModelV4StreamPart>(stream);
}

describe.each(MODELS)("%s", (id) => {
  test("parts come in the order that the AI SDK wants", async () => {
    const { provider } = createFace();
    const types = (await parts(provider(id))).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["stream-start", "response-metadata", "text-start"]);
    expect(types.slice(-2)).toEqual(["text-end", "finish"]);
    expect(new Set(types.slice(3, -2))).toEqual(new Set(["text-delta"]));
  });

  test("the raw chunks of the provider come along when they are asked for", async () => {
    const { provider } = createFace();
    const raw = (await parts(provider(id), { includeRawChunks: true })).filter(({ type }) => type === "raw");
    expect(raw.length).toBeGreaterThan(2);
    expect(raw.every((part) => part.type === "raw" && typeof part.rawValue === "object")).toBe(true);
    expect((await parts(provider(id))).some(({ type }) => type === "raw")).toBe(false);
  });

  test("a failure before anything is shown rejects, and is not tried again by the AI SDK", async () => {
    const { provider, simulator } = createFace({ retries: 1, random: () => 0 });
    simulator.fault({ status: 500, times: Infinity });
    const error: unknown = await generateText({ model: provider(id), prompt: "x", maxRetries: 2 }).catch((thrown: unknown) => thrown);
    expect(CrosspointError.is(error, "SERVER")).toBe(true);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 500, isRetryable: false });
    expect((error as APICallError).requestBodyValues).toMatchObject({});
    expect((error as APICallError).responseBody).toContain("error");
    expect(simulator.requests).toHaveLength(2);
    const streaming = provider(id).doStream({ prompt: user("x") });
    await expect(streaming).rejects.toMatchObject({ code: "SERVER", statusCode: 500 });
    expect(simulator.requests).toHaveLength(4);
  });

  test("a failure after something was shown is an error part and ends the answer", async () => {
    const { provider, simulator } = createFace();
    simulator.script({ text: "one two three four five" });
    simulator.fault({ errorAfterChunks: { after: 2, status: 503, message: "overloaded" } });
    const all = await parts(provider(id));
    const failed = all.find((part) => part.type === "error");
    expect(failed).toBeDefined();
    expect(APICallError.isInstance((failed as { error: unknown }).error)).toBe(true);
    expect((failed as { error: APICallError }).error.isRetryable).toBe(true);
    expect(all.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "error" } });
  });

  test("an abort ends the call and closes the connection", async () => {
    const { provider, simulator } = createFace();
    simulator.script({ text: "one two three four five six seven", delayMs: 20 });
    const controller = new AbortController();
    const result = streamText({ model: provider(id), prompt: "x", abortSignal: controller.signal });
    const seen: string[] = [];
    for await (const part of result.stream) {
      seen.push(part.type);
      if (part.type === "text-delta") controller.abort();
    }
    expect(seen).toContain("abort");
    expect(seen).not.toContain("finish");
    await expect.poll(() => simulator.open).toBe(0);
    const failure: unknown = await generateText({ model: provider(id), prompt: "x", abortSignal: AbortSignal.abort() }).catch(
      (error: unknown) => error,
    );
    expect((failure as Error).name).toBe("AbortError");
    simulator.fault({ delayMs: 5_000 });
    const late: unknown = await provider(id)
      .doGenerate({ prompt: user("x"), abortSignal: AbortSignal.timeout(20) })
      .catch((error: unknown) => error);
    expect((late as Error).name).toBe("TimeoutError");
  });

  test("leaving the stream closes the connection", async () => {
    const { provider, simulator, spend } = createFace();
    simulator.script({ text: "one two three four five six seven", delayMs: 20 });
    const { stream } = await provider(id).doStream({ prompt: user("x") });
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(() => simulator.open).toBe(0);
    expect(spend[0]!.outcome).toBe("aborted");
  });

  test("request body, response body and headers are there for those who ask", async () => {
    const { provider } = createFace();
    const result = await provider(id).doGenerate({ prompt: user("hello") });
    expect(JSON.stringify(result.request!.body)).toContain("hello");
    expect(result.response.body).toMatchObject({});
    expect(result.response.headers!["content-type"]).toContain("json");
    const streamed = await provider(id).doStream({ prompt: user("hello") });
    expect(JSON.stringify(streamed.request!.body)).toContain("hello");
    expect(streamed.response!.headers!["content-type"]).toContain("event-stream");
    await drain(streamed.stream);
  });
});

test("warnings stand at the start of a stream, and on whole answers", async () => {
  const { provider } = createFace();
  const options = { topK: 5, providerOptions: { crosspoint: { nonsense: 1 } } };
  const [first] = await parts(provider("openai/gpt-5-mini"), options);
  expect(first).toMatchObject({ type: "stream-start" });
  const { warnings } = first as Extract<LanguageModelV4StreamPart, { type: "stream-start" }>;
  expect(warnings).toContainEqual(expect.objectContaining({ type: "unsupported", feature: "providerOptions.crosspoint.nonsense" }));
  expect(warnings).toContainEqual(expect.objectContaining({ type: "unsupported", feature: "topK" }));
  const whole = await provider("openai/gpt-5-mini").doGenerate({ prompt: user("x"), ...options });
  expect(whole.warnings).toEqual(warnings);
});

test("models that do not exist, keys that are missing, kinds of models that are not there", async () => {
  const { provider } = createFace();
  const unknown: unknown = await generateText({ model: provider("nobody/x"), prompt: "x" }).catch((error: unknown) => error);
  expect(NoSuchModelError.isInstance(unknown)).toBe(true);
  expect(() => provider.imageModel("x")).toThrow(expect.objectContaining({ modelType: "imageModel" }));
  const error: unknown = await generateText({ model: provider("mistral/mistral-large-latest"), prompt: "x" }).catch(
    (thrown: unknown) => thrown,
  );
  expect(CrosspointError.is(error, "MISSING_API_KEY")).toBe(true);
  const absent: unknown = await generateText({ model: provider("openai/missing-model"), prompt: "x" }).catch((thrown: unknown) => thrown);
  expect(APICallError.isInstance(absent)).toBe(true);
  expect(absent).toMatchObject({ statusCode: 404, isRetryable: false });
});

test("a rate limit keeps what the provider asked for", async () => {
  const { provider, simulator } = createFace({ retries: 0 });
  simulator.fault({ status: 429, retryAfter: 7 });
  const error: unknown = await provider("openai/gpt-5-mini")
    .doGenerate({ prompt: user("x") })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ statusCode: 429, isRetryable: false, responseHeaders: { "retry-after-ms": "7000" } });
});
