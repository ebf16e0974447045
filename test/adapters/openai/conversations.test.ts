import { createOpenAI as createAISDK } from "@ai-sdk/openai";
import { generateText } from "ai";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { crosspointOf, openaiFetch } from "crosspoint/openai";
import { createRig, MODELS, readAll, weather, WIRES } from "./support.ts";

const tools = [{ type: "function" as const, name: "weather", parameters: weather, strict: true }];
const question = 'What is the weather in "Paris"?';

describe.each(WIRES)("previous_response_id over %s", (_wire, model) => {
  test.each([false, true])("a tool loop sends only what is new (stream: %s)", async (stream) => {
    const { openai, simulator } = createRig();
    const ask = async (params: Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, "model">): Promise<OpenAI.Responses.Response> =>
      stream ? openai.responses.stream({ model, ...params } as never).finalResponse() : openai.responses.create({ model, ...params });
    const first = await ask({ input: question, tools, reasoning: { effort: "low" } });
    const call = first.output.find((item) => item.type === "function_call")!;
    const second = await ask({
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "21 degrees" }],
      tools,
      reasoning: { effort: "low" },
    });
    expect(second.output_text).toBe("weather returned 21 degrees.");
    expect(second.previous_response_id).toBe(first.id);
    const third = await ask({ previous_response_id: second.id, input: "Thanks." });
    expect(third.output_text).toContain("You said: Thanks.");
    // The provider got the whole conversation and was left nothing to remember.
    const body = simulator.requests.at(-1)!.body as Record<string, unknown>;
    const sent = JSON.stringify(body);
    for (const text of ["Paris", "21 degrees", "weather returned", "Thanks."]) expect(sent).toContain(text);
    expect(body).not.toHaveProperty("previous_response_id");
    if (model.startsWith("openai/")) expect(body["store"]).toBe(false);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test("one answer can be continued twice, on any provider", async () => {
    const { openai, simulator } = createRig();
    const first = await openai.responses.create({ model, input: question, tools, store: true, reasoning: { effort: "low" } });
    expect(first).toMatchObject({ store: true });
    const { call_id } = first.output.find((item) => item.type === "function_call")!;
    for (const [, next] of WIRES) {
      const second = await openai.responses.create({
        model: next,
        previous_response_id: first.id,
        input: [{ type: "function_call_output", call_id, output: `from ${next}` }],
        tools,
      });
      expect(second.output_text, next).toBe(`weather returned from ${next}.`);
    }
    expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
  });
});

describe("what is kept", () => {
  const model = MODELS["anthropic-messages"];

  test("can be retrieved, listed and deleted", async () => {
    const { openai } = createRig();
    const first = await openai.responses.create({ model, input: "one", instructions: "Be brief." });
    const second = await openai.responses.create({ model, input: [{ role: "user", content: "two" }], previous_response_id: first.id });
    const { _request_id: _, output_text: __, ...body } = await openai.responses.retrieve(second.id);
    expect(second).toMatchObject(body);
    const items = await readAll(openai.responses.inputItems.list(second.id, { order: "asc", limit: 2 }));
    expect(
      items.map((item) => (item.type === "message" ? item.content.map((part) => ("text" in part ? part.text : "")) : []).join("")),
    ).toEqual(["one", "You said: one", "two"]);
    expect(new Set(items.map((item) => item.id)).size).toBe(3);
    const latest = await openai.responses.inputItems.list(second.id, { limit: 1 });
    expect(latest.data[0]!.id).toBe(items[2]!.id);
    expect(latest.has_more).toBe(true);
    await openai.responses.delete(first.id);
    await expect(openai.responses.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(openai.responses.delete(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect((await openai.responses.create({ model, input: "three", previous_response_id: second.id })).output_text).toBe("You said: three");
    await expect(openai.responses.retrieve(second.id, { stream: true })).rejects.toMatchObject({ status: 400, param: "stream" });
  });

  test("instructions hold for one turn", async () => {
    const { openai, simulator } = createRig();
    const first = await openai.responses.create({ model, input: "one", instructions: "Speak Latin." });
    await openai.responses.create({ model, input: "two", previous_response_id: first.id });
    expect(JSON.stringify(simulator.requests[0]!.body)).toContain("Latin");
    expect(JSON.stringify(simulator.requests[1]!.body)).not.toContain("Latin");
  });

  test("nothing is kept of `store: false`, of failures and of streams that were left", async () => {
    const { openai, simulator } = createRig();
    const refused = async (id: string): Promise<void> => {
      const again = openai.responses.create({ model, input: "on", previous_response_id: id });
      await expect(again).rejects.toMatchObject({
        status: 404,
        code: "previous_response_not_found",
        param: "previous_response_id",
        message: expect.stringContaining(id) as string,
      });
      await expect(again).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    };
    const calls = (): number => simulator.requests.length;
    await refused((await openai.responses.create({ model, input: "one", store: false })).id);
    const left = await openai.responses.create({ model, input: "one two three", stream: true });
    let id = "";
    for await (const event of left) {
      if (event.type === "response.created") ({ id } = event.response);
      if (event.type === "response.output_text.delta") break;
    }
    await refused(id);
    await refused("resp_unknown");
    expect(calls()).toBe(2);
  });

  test("a turn that is not to be kept goes on from one that is", async () => {
    const { openai } = createRig();
    const first = await openai.responses.create({ model, input: "one" });
    const ask = { model, input: "two", previous_response_id: first.id, store: false };
    const whole = await openai.responses.create(ask);
    const streamed = await openai.responses.stream(ask).finalResponse();
    for (const second of [whole, streamed]) {
      expect(second).toMatchObject({ output_text: "You said: two", previous_response_id: first.id, store: false });
      await expect(openai.responses.retrieve(second.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    }
  });

  test.each([false, true])("a fallback to another provider finds the whole conversation (stream: %s)", async (stream) => {
    const group = { deployments: [MODELS["openai-responses"]], fallbacks: [model] };
    const { openai, simulator } = createRig({ layer: { models: { smart: group } } });
    const first = await openai.responses.create({ model: "smart", input: question, tools, reasoning: { effort: "low" } });
    expect(crosspointOf(first)!.provider).toBe("openai");
    simulator.fault({ wire: "openai-responses", status: 503, times: Infinity });
    const { call_id } = first.output.find((item) => item.type === "function_call")!;
    const params = {
      model: "smart",
      previous_response_id: first.id,
      input: [{ type: "function_call_output" as const, call_id, output: "21 degrees" }],
      tools,
    };
    const second = stream ? await openai.responses.stream(params).finalResponse() : await openai.responses.create(params);
    expect(second.output_text).toBe("weather returned 21 degrees.");
    expect(crosspointOf(second)).toMatchObject({ provider: "anthropic", attempts: 2 });
  });

  test("ids are the provider's own where they are Responses ids, and cannot be guessed", async () => {
    const { openai } = createRig();
    const ids: string[] = [];
    for (const [, each] of WIRES) {
      const { id, output } = await openai.responses.create({ model: each, input: "one" });
      ids.push(id);
      for (const item of output) expect(item.id!.length).toBeGreaterThanOrEqual(20);
    }
    for (const id of ids) expect(id).toMatch(/^resp_\w{20,}$/);
    expect(new Set(ids.map((id) => id.slice(0, 12))).size).toBe(ids.length);
  });

  test("a store that is off, or small, or past its time, says so", async () => {
    const off = createRig({ layer: { responseStore: false } });
    const only = await off.openai.responses.create({ model, input: "one" });
    await expect(off.openai.responses.create({ model, input: "two", previous_response_id: only.id })).rejects.toMatchObject({
      status: 400,
      param: "previous_response_id",
    });
    await expect(off.openai.responses.retrieve(only.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);

    const small = createRig({ layer: { responseStore: { maxEntries: 1 } } });
    const [first, second] = [
      await small.openai.responses.create({ model, input: "1" }),
      await small.openai.responses.create({ model, input: "2" }),
    ];
    await expect(small.openai.responses.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect((await small.openai.responses.retrieve(second.id)).output_text).toBe("You said: 2");
    expect(() => createRig({ layer: { responseStore: { ttl: -1 } } })).toThrow(/ttl/);
  });

  test("a mistake is named in its place, however long the conversation", async () => {
    const { openai } = createRig();
    const first = await openai.responses.create({ model, input: "one" });
    const wrong = openai.responses.create({
      model,
      input: [{ role: "user", content: "two" }, { role: "nobody" } as never],
      previous_response_id: first.id,
    });
    await expect(wrong).rejects.toMatchObject({ status: 400, param: "input[1].role" });
  });
});

describe("item references", () => {
  test.each(WIRES)("name what was answered before, over %s", async (_wire, model) => {
    const { openai } = createRig();
    const first = await openai.responses.create({ model, input: question, tools, reasoning: { effort: "low" } });
    const call = first.output.find((item) => item.type === "function_call")!;
    const second = await openai.responses.create({
      model,
      tools,
      reasoning: { effort: "low" },
      input: [
        { role: "user", content: question },
        ...first.output.map(({ id }) => ({ type: "item_reference" as const, id: id! })),
        { type: "function_call_output", call_id: call.call_id, output: "21 degrees" },
      ],
    });
    expect(second.output_text).toBe("weather returned 21 degrees.");
    const unknown = openai.responses.create({
      model,
      input: [
        { role: "user", content: "hi" },
        { type: "item_reference", id: "msg_none" },
      ],
    });
    await expect(unknown).rejects.toMatchObject({ status: 404, param: "input[1]", message: expect.stringContaining("msg_none") as string });
  });

  test("the AI SDK's own OpenAI provider, which refers to items, runs on another provider", async () => {
    const { crosspoint, simulator } = createRig();
    const asked: string[] = [];
    const answer = openaiFetch(crosspoint);
    const fetch: typeof answer = (input, init) => {
      asked.push(init!.body as string);
      return answer(input, init);
    };
    const provider = createAISDK({ apiKey: "k", baseURL: "http://crosspoint.invalid/v1", fetch });
    const model = provider.responses(MODELS["anthropic-messages"]);
    const messages: Parameters<typeof generateText>[0]["messages"] = [{ role: "user", content: "one" }];
    const first = await generateText({ model, messages: messages!, maxRetries: 0 });
    messages!.push(...first.response.messages, { role: "user", content: "two" });
    const second = await generateText({ model, messages: messages!, maxRetries: 0 });
    expect(second.text).toBe("You said: two");
    expect(asked[1]).toContain('"item_reference"');
    expect(asked[1]).not.toContain("You said: one");
    expect(JSON.stringify(simulator.requests[1]!.body)).toContain("You said: one");
  });
});
