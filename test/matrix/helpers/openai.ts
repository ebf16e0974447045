import { expect } from "vitest";
import type OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import type { ChatCompletionStreamParams } from "openai/lib/ChatCompletionStream";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import { z } from "zod";
import { rigFor, WEATHER, type Capability } from "../capability.ts";
import { openai } from "../clients/chat.ts";
import { PROVIDERS } from "../harness.ts";

const Forecast = z.object({ city: z.string(), degrees: z.number().int(), sky: z.enum(["clear", "cloudy"]) });
const FORECAST_QUESTION = 'A cloudy forecast for "Paris" with 21 degrees.';
const PARIS = { city: "Paris", degrees: 21, sky: "cloudy" };
const QUESTION = [{ role: "user" as const, content: "What is the weather in Paris?" }];
const TOOL = {
  type: "function" as const,
  function: { name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema, strict: true },
};

/** A tool that the client's own runner calls; remembers with what. */
function runnable() {
  const cities: string[] = [];
  const tool = {
    type: "function" as const,
    function: {
      name: "weather",
      description: "The weather in a city.",
      parameters: WEATHER.schema,
      parse: (text: string) => z.object({ city: z.string() }).parse(JSON.parse(text)),
      function: ({ city }: { city: string }) => {
        cities.push(city);
        return "21 degrees";
      },
    },
  };
  return { tool, cities };
}

/** The helpers of `openai` for Chat Completions. */
export const chatHelpers: readonly Capability[] = [
  {
    id: "chat.completions.stream",
    title: "`chat.completions.stream()`: events and final completion",
    about: "events of text and of tool arguments, final completion, usage",
    forms: ["streamed"],
    async check(cell) {
      const client = openai(rigFor(cell));
      const params: ChatCompletionStreamParams = { model: PROVIDERS[cell.provider].model, messages: QUESTION, tools: [TOOL] };
      const seen = { arguments: "", done: 0 };
      const stream = client.chat.completions
        .stream({ ...params, stream_options: { include_usage: true } })
        .on("tool_calls.function.arguments.delta", (event) => void (seen.arguments += event.arguments_delta))
        .on("tool_calls.function.arguments.done", (event) => {
          expect(event).toMatchObject({ name: "weather", index: 0, arguments: '{"city":"Paris"}' });
          seen.done += 1;
        });
      const completion = await stream.finalChatCompletion();
      expect(seen).toEqual({ arguments: '{"city":"Paris"}', done: 1 });
      expect(completion.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { role: "assistant" } });
      expect(completion.usage?.total_tokens).toBe(completion.usage!.prompt_tokens + completion.usage!.completion_tokens);
      const said: string[] = [];
      const text = client.chat.completions.stream({ model: params.model, messages: [{ role: "user", content: "one two three" }] });
      text.on("content.delta", ({ delta }) => void said.push(delta));
      expect(await text.finalContent()).toBe("You said: one two three");
      expect(said.join("")).toBe("You said: one two three");
      expect(said.length).toBeGreaterThan(2);
    },
  },
  {
    id: "chat.completions.parse",
    title: "`chat.completions.parse()` with zod",
    about: "the parsed answer, whole and streamed",
    forms: ["whole"],
    async check(cell) {
      const client = openai(rigFor(cell));
      const params = {
        model: PROVIDERS[cell.provider].model,
        messages: [{ role: "user" as const, content: FORECAST_QUESTION }],
        response_format: zodResponseFormat(Forecast, "forecast"),
      };
      const completion = await client.chat.completions.parse(params);
      expect(completion.choices[0]!.message.parsed).toEqual(PARIS);
      const streamed = await client.chat.completions.stream(params).finalChatCompletion();
      expect(streamed.choices[0]!.message.parsed).toEqual(PARIS);
    },
  },
  {
    id: "chat.completions.runTools",
    title: "`chat.completions.runTools()`, whole and streamed",
    about: "the runner calls the function and ends with the answer",
    forms: ["whole", "streamed"],
    async check(cell) {
      const client = openai(rigFor(cell));
      const { tool, cities } = runnable();
      const body = { model: PROVIDERS[cell.provider].model, messages: QUESTION, tools: [tool] };
      const runner =
        cell.form === "whole" ? client.chat.completions.runTools(body) : client.chat.completions.runTools({ ...body, stream: true });
      expect(await runner.finalContent()).toBe("weather returned 21 degrees.");
      expect(cities).toEqual(["Paris"]);
      expect(runner.messages.map((message) => message.role)).toEqual(["user", "assistant", "tool", "assistant"]);
    },
  },
];

/** The helpers of `openai` for Responses. */
export const responsesHelpers: readonly Capability[] = [
  {
    id: "responses.stream",
    title: "`responses.stream()`: events and final response",
    about: "events in order, reasoning and call items, parsed arguments",
    forms: ["streamed"],
    async check(cell) {
      const client = openai(rigFor(cell));
      const params = {
        model: PROVIDERS[cell.provider].thinking[0]!,
        store: false,
        input: QUESTION as ResponseInputItem[],
        tools: [{ type: "function" as const, name: "weather", description: WEATHER.description, parameters: WEATHER.schema, strict: true }],
        reasoning: { effort: "low" as const, summary: "auto" as const },
        include: ["reasoning.encrypted_content" as const],
      };
      const events: OpenAI.Responses.ResponseStreamEvent[] = [];
      const seen = { arguments: "" };
      const stream = client.responses
        .stream(params)
        .on("event", (event) => void events.push(event))
        .on("response.function_call_arguments.delta", (event) => {
          seen.arguments = event.snapshot;
        });
      const response = await stream.finalResponse();
      expect(seen.arguments).toBe('{"city":"Paris"}');
      expect(response.output[0]).toMatchObject({ type: "reasoning", summary: [{ type: "summary_text" }] });
      expect(response.output.filter((item) => item.type !== "reasoning")).toMatchObject([
        { type: "function_call", name: "weather", parsed_arguments: { city: "Paris" }, status: "completed" },
      ]);
      expect(events[0]!.type).toBe("response.created");
      expect(events.at(-1)!.type).toBe("response.completed");
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
      const text = client.responses.stream({ model: PROVIDERS[cell.provider].model, store: false, input: "one two three" });
      const said: string[] = [];
      text.on("response.output_text.delta", ({ delta }) => void said.push(delta));
      expect((await text.finalResponse()).output_text).toBe("You said: one two three");
      expect(said.join("")).toBe("You said: one two three");
    },
  },
  {
    id: "responses.parse",
    title: "`responses.parse()` with zod",
    about: "the parsed answer, whole and streamed",
    forms: ["whole"],
    async check(cell) {
      const client = openai(rigFor(cell));
      const params = {
        model: PROVIDERS[cell.provider].model,
        store: false,
        input: FORECAST_QUESTION,
        text: { format: zodTextFormat(Forecast, "forecast") },
      };
      expect((await client.responses.parse(params)).output_parsed).toEqual(PARIS);
      expect((await client.responses.stream(params).finalResponse()).output_parsed).toEqual(PARIS);
    },
  },
];
