import { isDeepStrictEqual } from "node:util";
import OpenAI, { APIPromise, type APIError } from "openai";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createOpenAI, crosspointOf, openaiFetch, type OpenAIOptions } from "crosspoint/openai";
import { createRig, MODELS, readAll, weather, WIRES, type Rig } from "./support.ts";

afterEach(() => vi.unstubAllEnvs());

interface Counted extends Rig {
  /** Requests that went over HTTP. */
  readonly paths: string[];
}

/** A client whose layer counts what comes as HTTP. */
function createCounted(client?: OpenAIOptions): Counted {
  const rig = createRig();
  const paths: string[] = [];
  const crosspoint = {
    ...rig.crosspoint,
    fetch: ((input, init) => {
      paths.push(new URL(input as string).pathname);
      return rig.crosspoint.fetch(input, init);
    }) as typeof globalThis.fetch,
  };
  return { ...rig, crosspoint, openai: createOpenAI(crosspoint, client), paths };
}

const SCRIPT = [
  { reasoning: "Hm.", text: "Look.", toolCalls: [{ name: "weather", arguments: { city: "Oslo" }, id: "call_oslo" }] },
  { text: "An end.", citations: [{ url: "https://sky.example/", title: "Sky", start: 0, end: 7 }] },
];

const NEW = /^(?:(?:call|resp|chatcmpl|msg|rs|fc|item)[_-][\w-]{13,}|xp1\..*)$/;
const TIMES = new Set(["created", "created_at", "completed_at", "obfuscation"]);

/** Without what is new in every call. */
function lasting(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    TIMES.has(key) || (typeof each === "string" && NEW.test(each)) ? "…" : each,
  );
}

function fieldsOf({ name, message, status, code, param, type, error }: APIError): object {
  return { name, message, status, code, param, type, error };
}

describe.each(WIRES)("over %s", (wire, model) => {
  test("answers are those of the official client over fetch, and plain JSON", async () => {
    const script = wire === "openai-chat" ? SCRIPT.slice(0, 1) : SCRIPT;
    const messages = [{ role: "user" as const, content: "Oslo?" }];
    const chat = { model, messages, tools: [{ type: "function" as const, function: { name: "weather", parameters: weather } }] };
    const tools = [{ type: "function" as const, name: "weather", parameters: weather, strict: true }];
    const response = { model, input: "Oslo?", tools, reasoning: { summary: "auto" as const } };
    const ways: Record<string, (client: OpenAI) => Promise<unknown>> = {
      chat: (client) => client.chat.completions.create(chat),
      "chat, streamed": async (client) =>
        readAll(await client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } })),
      responses: (client) => client.responses.create(response),
      "responses, streamed": async (client) => readAll(await client.responses.create({ ...response, stream: true })),
      failure: (client) =>
        client.chat.completions
          .create({ ...chat, messages: [{ role: "user", content: 7 as never }] })
          .catch((error: unknown) => fieldsOf(error as APIError)),
    };
    for (const [way, ask] of Object.entries(ways)) {
      for (const step of script) {
        const ours = createCounted();
        ours.simulator.script(step);
        const direct = await ask(ours.openai);
        expect(ours.paths, way).toEqual([]);
        expect(isDeepStrictEqual(direct, JSON.parse(JSON.stringify(direct))) || way === "failure", `${way}: plain JSON`).toBe(true);
        const theirs = createRig();
        theirs.simulator.script(step);
        const client = new OpenAI({
          apiKey: "k",
          baseURL: "http://crosspoint.invalid/v1",
          maxRetries: 0,
          fetch: openaiFetch(theirs.crosspoint),
        });
        expect(lasting(direct), way).toEqual(lasting(await ask(client)));
      }
    }
  });
});

test.each(WIRES)("fields that are undefined are no fields, over %s", async (_wire, model) => {
  const nothing = Object.fromEntries(
    "temperature tools tool_choice stop user metadata reasoning store seed response_format text include instructions mystery stream_options"
      .split(" ")
      .map((name) => [name, undefined]),
  );
  const part = { type: "text", text: "hello", cache_control: undefined, mystery: undefined };
  const message = {
    role: "user",
    content: [part],
    name: undefined,
    mystery: undefined,
  } as unknown as OpenAI.ChatCompletionUserMessageParam;
  const item = { role: "user", content: [{ ...part, type: "input_text" }], id: undefined } as OpenAI.Responses.ResponseInputItem;
  const sent: unknown[] = [];
  for (const over of [false, true]) {
    const { openai, crosspoint, simulator } = createRig();
    const baseURL = "http://crosspoint.invalid/v1";
    const client = over ? new OpenAI({ apiKey: "k", baseURL, maxRetries: 0, fetch: openaiFetch(crosspoint) }) : openai;
    const first = await client.chat.completions.create({ ...nothing, model, messages: [message] });
    const second = await client.responses.create({ ...nothing, model, input: [item] });
    expect([crosspointOf(first)!.warnings, crosspointOf(second)!.warnings]).toEqual([undefined, undefined]);
    sent.push(simulator.requests.map(({ body }) => body));
  }
  expect(sent[0]).toEqual(sent[1]);
});

describe("without HTTP", () => {
  const model = MODELS["anthropic-messages"];
  const messages = [{ role: "user" as const, content: "hello" }];

  test("the promise is the client's, with the response for those who ask for it", async () => {
    const { openai, paths } = createCounted();
    const promise = openai.chat.completions.create({ model, messages });
    expect(promise).toBeInstanceOf(APIPromise);
    const { data, response, request_id } = await promise.withResponse();
    expect(data).toBe(await promise);
    expect(request_id).toBe((await promise)._request_id);
    expect(response.headers.get("x-crosspoint-deployment")).toBe(model);
    const raw = await openai.responses.create({ model, input: "hello" }).asResponse();
    expect(raw.headers.get("content-type")).toContain("application/json");
    expect(await raw.json()).toMatchObject({ object: "response", status: "completed" });
    const settled: string[] = [];
    await openai.chat.completions.create({ model, messages }).finally(() => settled.push("finally"));
    await openai.chat.completions.create({ model: "nowhere/none", messages }).catch(() => settled.push("catch"));
    expect(settled).toEqual(["finally", "catch"]);
    expect(paths).toEqual([]);
  });

  test("a stream is read once, by one or by several at a time, to its end", async () => {
    const { openai, simulator, paths } = createCounted();
    const stream = await openai.chat.completions.create({ model, messages, stream: true });
    const iterator = stream[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 40 }, () => iterator.next()));
    const texts = results.map(({ value }) => (value as OpenAI.ChatCompletionChunk | undefined)?.choices[0]?.delta.content ?? "");
    expect(texts.join("")).toBe("You said: hello");
    expect(results.at(-1)).toEqual({ value: undefined, done: true });
    await expect(readAll(stream)).rejects.toBeInstanceOf(OpenAI.OpenAIError);
    const left = await openai.responses.create({ model, input: "hello", stream: true });
    left.controller.abort();
    expect(await readAll(left)).toEqual([]);
    await expect.poll(() => simulator.open).toBe(0);
    expect(paths).toEqual([]);
  });

  test("what is kept does not change with the objects of the caller", async () => {
    const { openai, simulator, paths } = createCounted();
    const input = [{ role: "user" as const, content: "one" }];
    const first = await openai.responses.create({ model, input });
    input[0]!.content = "changed";
    (first.output[0] as OpenAI.Responses.ResponseOutputMessage).content = [];
    const second = await openai.responses.create({ model, input: "two", previous_response_id: first.id });
    expect(second.output_text).toBe("You said: two");
    const sent = JSON.stringify(simulator.requests[1]!.body);
    expect(sent).toContain("You said: one");
    expect(sent).not.toContain("changed");
    expect(paths).toEqual([]);
  });

  test("whoever asks for something of HTTP gets it from the official client", async () => {
    const { openai, paths } = createCounted();
    const ask = (client: OpenAI, options?: OpenAI.RequestOptions) => client.chat.completions.create({ model, messages }, options);
    const answers = [
      await ask(openai, { query: { a: "b" } }),
      await ask(openai, { idempotencyKey: "k" }),
      await ask(openai, { maxRetries: 2 }),
      await ask(openai, { headers: new Headers({ "x-crosspoint-user": "ada" }) }),
      await ask(openai, { fetchOptions: {} }),
      await ask(openai.withOptions({ logLevel: "debug", logger: { error() {}, warn() {}, info() {}, debug() {} } })),
    ];
    expect(paths).toHaveLength(6);
    for (const answer of answers) {
      expect(answer.choices[0]!.message.content).toBe("You said: hello");
      expect(answer._request_id).toMatch(/^call_/);
      expect(crosspointOf(answer)!.deployment).toBe(model);
    }
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "x-crosspoint-user: eve");
    await ask(openai);
    expect(paths).toHaveLength(7);
    const parsed = await openai.chat.completions.parse({ model, messages }, { query: { a: "b" } });
    expect(parsed.choices[0]!.message.parsed).toBeNull();
    expect(await ask(openai, { query: { a: "b" } }).withResponse()).toMatchObject({
      request_id: expect.stringMatching(/^call_/) as string,
    });
  });

  test("a client that is given another fetch asks that one", async () => {
    const { openai, paths } = createCounted();
    const fetch = () => Promise.resolve(Response.json({ id: "mine", choices: [] }));
    expect((await openai.withOptions({ fetch }).chat.completions.create({ model, messages })).id).toBe("mine");
    expect(paths).toEqual([]);
  });
});
