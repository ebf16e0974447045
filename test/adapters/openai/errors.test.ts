import OpenAI, { APIError } from "openai";
import { describe, expect, test } from "vitest";
import { createRig, MODELS, readAll } from "./support.ts";

const messages = [{ role: "user" as const, content: "hello" }];

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}

describe.each([
  [400, OpenAI.BadRequestError],
  [401, OpenAI.AuthenticationError],
  [403, OpenAI.PermissionDeniedError],
  [404, OpenAI.NotFoundError],
  [409, OpenAI.ConflictError],
  [422, OpenAI.UnprocessableEntityError],
  [429, OpenAI.RateLimitError],
  [500, OpenAI.InternalServerError],
  [503, OpenAI.InternalServerError],
] as const)("status %i of a provider", (status, Class) => {
  test.each(Object.entries(MODELS))("over %s is the client's own class, tried once", async (_wire, model) => {
    const { openai, simulator } = createRig();
    for (const ask of [
      () => openai.chat.completions.create({ model, messages }),
      () => openai.chat.completions.create({ model, messages, stream: true }),
      () => openai.responses.create({ model, input: "hello" }),
      () => openai.responses.create({ model, input: "hello", stream: true }),
    ]) {
      simulator.reset();
      simulator.fault({ status, error: { message: "Something about this call" }, times: Infinity });
      const error = await failureOf(ask());
      expect(error).toBeInstanceOf(Class);
      expect(error.status).toBe(status);
      expect(error.message).toContain("Something about this call");
      expect(error.requestID).toEqual(expect.any(String));
      expect(error.headers!.get("x-crosspoint-deployment")).toBe(model);
      expect(simulator.requests).toHaveLength(1);
    }
  });
});

test("a retrying client hears that the layer has retried already", async () => {
  const { openai, simulator } = createRig({ client: { maxRetries: 5 }, layer: { retries: 1, random: () => 0 } });
  simulator.fault({ status: 503, times: Infinity });
  await expect(openai.chat.completions.create({ model: MODELS["openai-chat"], messages })).rejects.toBeInstanceOf(
    OpenAI.InternalServerError,
  );
  expect(simulator.requests).toHaveLength(2);
});

test("a failure within a stream is an APIError, on both APIs", async () => {
  const { openai, simulator } = createRig();
  const fault = { errorAfterChunks: { after: 1, status: 529, message: "too busy" } };
  simulator.fault([fault, fault]);
  const model = MODELS["anthropic-messages"];
  const chat = await openai.chat.completions.create({ model, messages, stream: true });
  expect((await failureOf(readAll(chat))).message).toContain("too busy");
  const events: string[] = [];
  const response = await openai.responses.create({ model, input: "hello", stream: true });
  const error = await failureOf(
    (async () => {
      for await (const event of response) events.push(event.type);
    })(),
  );
  expect(error.message).toContain("too busy");
  expect(events[0]).toBe("response.created");
});

test("a cut stream is a failure for the helpers too", async () => {
  const { openai, simulator } = createRig();
  simulator.fault([{ cutAfterChunks: 1 }, { cutAfterChunks: 1 }]);
  const model = MODELS.gemini;
  await expect(openai.chat.completions.stream({ model, messages }).finalChatCompletion()).rejects.toBeInstanceOf(OpenAI.OpenAIError);
  await expect(openai.responses.stream({ model, input: "hello" }).finalResponse()).rejects.toBeInstanceOf(OpenAI.OpenAIError);
});

test("what is not there is said in OpenAI's words", async () => {
  const { openai } = createRig();
  const model = await failureOf(openai.chat.completions.create({ model: "nowhere/none", messages }));
  expect(model).toBeInstanceOf(OpenAI.NotFoundError);
  expect(model).toMatchObject({ code: "model_not_found", type: "invalid_request_error" });
  for (const call of [
    openai.files.list(),
    openai.images.generate({ model: "m", prompt: "p" }),
    openai.responses.cancel("resp_1"),
    openai.conversations.create({}),
  ]) {
    const error = await failureOf(call as Promise<unknown>);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: "unknown_url", type: "invalid_request_error", param: null });
  }
});

test("a wrong request is a 400 that names its field", async () => {
  const { openai, simulator } = createRig();
  const chat = await failureOf(openai.chat.completions.create({ model: MODELS.gemini, messages: "hello" as never }));
  expect(chat).toBeInstanceOf(OpenAI.BadRequestError);
  expect(chat.param).toBe("messages");
  const response = await failureOf(openai.responses.create({ model: MODELS.gemini, input: [7 as never] }));
  expect(response.param).toBe("input[0]");
  expect(simulator.requests).toHaveLength(0);
});
