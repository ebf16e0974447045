import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crosspointOf } from "crosspoint/openai";
import { createRig, readAll, WIRES } from "./support.ts";

describe.each(WIRES)("responses over %s", (_wire, model) => {
  test("a whole answer has its request id, usage and cost", async () => {
    const { openai, spend } = createRig();
    const response = await openai.responses.create({ model, input: "hello", instructions: "Be brief.", metadata: { ticket: "7" } });
    expect(response.output_text).toBe("You said: hello");
    expect(response).toMatchObject({
      status: "completed",
      instructions: "Be brief.",
      metadata: { ticket: "7" },
      previous_response_id: null,
    });
    expect(response.id).toMatch(/^resp_.{16}/);
    expect(response._request_id).toMatch(/^call_/);
    expect(response.usage!.total_tokens).toBe(response.usage!.input_tokens + response.usage!.output_tokens);
    expect(crosspointOf(response)).toMatchObject({ deployment: model, cost: spend[0]!.cost!.total, attempts: 1 });
  });

  test("a stream ends with the same, and its helper gathers it", async () => {
    const { openai, spend } = createRig();
    const events = await readAll(await openai.responses.create({ model, input: "hello", stream: true }));
    const ids = events.flatMap((event) => ("response" in event ? [event.response.id] : []));
    expect(new Set(ids).size).toBe(1);
    const last = events.at(-1)!;
    expect(last.type).toBe("response.completed");
    expect(crosspointOf(last)).toMatchObject({ deployment: model, cost: spend[0]!.cost!.total });
    const final = await openai.responses.stream({ model, input: "hello" }).finalResponse();
    expect(final.output_text).toBe("You said: hello");
    expect(crosspointOf(final)!.cost).toBe(spend[1]!.cost!.total);
  });

  test("structured output and typed tools are parsed", async () => {
    const { openai } = createRig();
    const Answer = z.object({ city: z.string(), degrees: z.number() });
    const asked = { model, input: 'What of "Oslo" at 21 degrees?', text: { format: zodTextFormat(Answer, "answer") } };
    expect((await openai.responses.parse(asked)).output_parsed).toEqual({ city: "Oslo", degrees: 21 });
    expect((await openai.responses.stream(asked).finalResponse()).output_parsed).toEqual({ city: "Oslo", degrees: 21 });
    const tools = [zodResponsesFunction({ name: "weather", parameters: z.object({ city: z.string() }) })];
    const called = await openai.responses.parse({ model, input: 'What is the weather in "Rome"?', tools });
    const call = called.output.find((item) => item.type === "function_call");
    expect(call).toMatchObject({ name: "weather", parsed_arguments: { city: "Rome" } });
  });

  test("its input is counted without being sent", async () => {
    const { openai, simulator } = createRig();
    const short = await openai.responses.inputTokens.count({ model, input: "hello" });
    expect(short.object).toBe("response.input_tokens");
    const long = await openai.responses.inputTokens.count({ model, input: "hello ".repeat(500), instructions: "Be brief." });
    expect(long.input_tokens).toBeGreaterThan(short.input_tokens + 300);
    expect(simulator.requests).toHaveLength(0);
  });
});

test("input is counted with what it goes on from", async () => {
  const { openai } = createRig();
  const first = await openai.responses.create({ model: WIRES[0]![1], input: "hello ".repeat(500) });
  const { input_tokens } = await openai.responses.inputTokens.count({ previous_response_id: first.id, input: "and?" });
  expect(input_tokens).toBeGreaterThan(300);
  await expect(openai.responses.inputTokens.count({ previous_response_id: "resp_none" })).rejects.toMatchObject({ status: 404 });
});
