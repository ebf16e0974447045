import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { Stream } from "openai/streaming";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crosspointOf } from "crosspoint/openai";
import { createRig, MODELS, readAll, weather, WIRES } from "./support.ts";

const hello = [{ role: "user" as const, content: "hello" }];
const tools = [{ type: "function" as const, function: { name: "weather", parameters: weather, strict: true } }];

describe.each(WIRES)("chat completions over %s", (_wire, model) => {
  test("a whole answer is the official class's, with its request id, usage and cost", async () => {
    const { openai, spend } = createRig();
    expect(openai).toBeInstanceOf(OpenAI);
    const completion = await openai.chat.completions.create({ model, messages: hello });
    expect(completion.choices[0]?.message.content).toBe("You said: hello");
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion.usage!.total_tokens).toBe(completion.usage!.prompt_tokens + completion.usage!.completion_tokens);
    expect(completion._request_id).toMatch(/^call_/);
    const info = crosspointOf(completion)!;
    expect(info).toMatchObject({ deployment: model, provider: model.split("/")[0], attempts: 1, callId: completion._request_id });
    expect(info.cost).toBeGreaterThan(0);
    expect(info.cost).toBe(spend[0]!.cost!.total);
  });

  test("a stream tells its cost in the last chunk, with usage or without", async () => {
    const { openai, spend } = createRig();
    for (const include_usage of [true, false]) {
      const stream = await openai.chat.completions.create({ model, messages: hello, stream: true, stream_options: { include_usage } });
      expect(stream).toBeInstanceOf(Stream);
      const chunks = await readAll(stream);
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("You said: hello");
      expect(chunks.filter((chunk) => crosspointOf(chunk) !== undefined)).toEqual([chunks.at(-1)]);
      expect(crosspointOf(chunks.at(-1))!.cost).toBe(spend.at(-1)!.cost!.total);
      expect(chunks.some((chunk) => chunk.usage)).toBe(include_usage);
    }
  });

  test("parse, stream and runTools do what they do on OpenAI", async () => {
    const { openai, spend } = createRig();
    const Answer = z.object({ city: z.string(), degrees: z.number() });
    const parsed = await openai.chat.completions.parse({
      model,
      messages: [{ role: "user", content: 'What of "Oslo" at 21 degrees?' }],
      response_format: zodResponseFormat(Answer, "answer"),
    });
    expect(parsed.choices[0]?.message.parsed).toEqual({ city: "Oslo", degrees: 21 });

    const helper = openai.chat.completions.stream({
      model,
      messages: [{ role: "user", content: 'What is the weather in "Paris"?' }],
      tools: [zodFunction({ name: "weather", parameters: z.object({ city: z.string() }) })],
    });
    const done: unknown[] = [];
    helper.on("tool_calls.function.arguments.done", ({ name, parsed_arguments }) => done.push([name, parsed_arguments]));
    const final = await helper.finalChatCompletion();
    expect(done).toEqual([["weather", { city: "Paris" }]]);
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { parsed_arguments: { city: "Paris" } } });
    expect(crosspointOf(final)!.cost).toBe(spend.at(-1)!.cost!.total);

    for (const stream of [false, true]) {
      const cities: string[] = [];
      const task = {
        model,
        messages: [{ role: "user" as const, content: 'What is the weather in "Rome"?' }],
        tools: [
          {
            type: "function" as const,
            function: {
              name: "weather",
              description: "The weather in a city",
              parameters: weather,
              parse: (text: string) => JSON.parse(text) as { city: string },
              function: ({ city }: { city: string }) => {
                cities.push(city);
                return "21 degrees";
              },
            },
          },
        ],
      };
      const runner = stream ? openai.chat.completions.runTools({ ...task, stream: true }) : openai.chat.completions.runTools(task);
      expect(await runner.finalContent()).toContain("21 degrees");
      expect(cities).toEqual(["Rome"]);
    }
  });
});

describe("the client's own ways", () => {
  const model = MODELS["anthropic-messages"];

  test("withResponse and asResponse give the headers, where deployment and cost are too", async () => {
    const { openai, simulator } = createRig();
    const { data, response, request_id } = await openai.chat.completions.create({ model, messages: hello }).withResponse();
    expect(response.headers.get("x-crosspoint-deployment")).toBe(model);
    expect(response.headers.get("x-crosspoint-provider")).toBe("anthropic");
    expect(Number(response.headers.get("x-crosspoint-cost"))).toBe(crosspointOf(data)!.cost);
    expect(request_id).toBe(crosspointOf(data)!.callId);
    const raw = await openai.chat.completions.create({ model, messages: hello, stream: true }).asResponse();
    expect(raw.headers.get("content-type")).toContain("text/event-stream");
    expect(await raw.text()).toContain("data: [DONE]");
    expect(simulator.open).toBe(0);
  });

  test("a stream can be teed and turned into a web stream", async () => {
    const { openai } = createRig();
    const [left, right] = (await openai.chat.completions.create({ model, messages: hello, stream: true })).tee();
    expect(await readAll(left)).toEqual(await readAll(right));
    const web = (await openai.chat.completions.create({ model, messages: hello, stream: true })).toReadableStream();
    const again = Stream.fromReadableStream<OpenAI.ChatCompletionChunk>(web, new AbortController());
    const texts = (await readAll(again)).map((chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(texts.join("")).toBe("You said: hello");
  });

  test("leaving a stream, or aborting it, closes the connection to the provider", async () => {
    const { openai, simulator, spend } = createRig();
    const slow = { text: "one two three four five six", delayMs: 5, chunks: 6 };
    simulator.script([slow, slow]);
    for await (const chunk of await openai.chat.completions.create({ model, messages: hello, stream: true })) {
      if (chunk.choices[0]?.delta.content) break;
    }
    await expect.poll(() => simulator.open).toBe(0);
    expect(simulator.requests[0]!.aborted).toBe(true);
    expect(spend[0]!.attempts[0]!.outcome).toBe("aborted");

    const controller = new AbortController();
    const stream = await openai.chat.completions.create({ model, messages: hello, stream: true }, { signal: controller.signal });
    let seen = "";
    for await (const chunk of stream) {
      seen += chunk.choices[0]?.delta.content ?? "";
      if (seen !== "") controller.abort();
    }
    expect(seen).not.toContain("six");
    await expect.poll(() => simulator.open).toBe(0);
    expect(simulator.requests[1]!.aborted).toBe(true);
  });

  test("a call that is aborted, or takes too long, ends as the client's own errors", async () => {
    const { openai, simulator } = createRig();
    await expect(openai.chat.completions.create({ model, messages: hello }, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      OpenAI.APIUserAbortError,
    );
    expect(simulator.requests).toHaveLength(0);

    simulator.fault([{ delayMs: 60_000 }, { delayMs: 60_000 }, { delayMs: 60_000 }]);
    const controller = new AbortController();
    const aborted = openai.chat.completions.create({ model, messages: hello }, { signal: controller.signal });
    await expect.poll(() => simulator.open).toBe(1);
    controller.abort();
    await expect(aborted).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await expect.poll(() => simulator.open).toBe(0);

    await expect(openai.chat.completions.create({ model, messages: hello }, { timeout: 20 })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    );
    const hurried = openai.withOptions({ timeout: 20 });
    await expect(hurried.chat.completions.create({ model, messages: hello, stream: true })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    );
    await expect.poll(() => simulator.open).toBe(0);
    expect(simulator.requests).toHaveLength(3);
  });

  test("withOptions keeps the layer, the cost and the attribution", async () => {
    const { openai, spend } = createRig({ client: { attribution: { team: "search" }, timeout: 5000 } });
    const other = openai.withOptions({ defaultHeaders: { "x-crosspoint-project": "bot" } });
    expect(other).toBeInstanceOf(OpenAI);
    expect(other.timeout).toBe(5000);
    expect(other.maxRetries).toBe(0);
    expect(crosspointOf(await other.chat.completions.create({ model, messages: hello }))!.cost).toBeGreaterThan(0);
    expect(spend[0]!.attribution).toMatchObject({ team: "search", project: "bot" });
  });

  test("a tool loop goes from one provider to the next", async () => {
    const { openai } = createRig();
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: 'What is the weather in "Lima"?' }];
    const first = await openai.chat.completions.create({ model: MODELS.gemini, messages, tools });
    const { message } = first.choices[0]!;
    messages.push(message, { role: "tool", tool_call_id: message.tool_calls![0]!.id, content: "18 degrees" });
    for (const [, next] of WIRES) {
      const second = await openai.chat.completions.create({ model: next, messages, tools });
      expect(second.choices[0]?.message.content, next).toBe("weather returned 18 degrees.");
    }
  });
});
