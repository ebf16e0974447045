import { expect } from "vitest";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { rigFor, WEATHER, type Capability } from "../capability.ts";
import { anthropic } from "../clients/anthropic.ts";
import { PROVIDERS } from "../harness.ts";

const Forecast = z.object({ city: z.string(), degrees: z.number().int(), sky: z.enum(["clear", "cloudy"]) });

/** The helpers of `@anthropic-ai/sdk`. */
export const anthropicHelpers: readonly Capability[] = [
  {
    id: "messages.stream",
    title: "`messages.stream()`: events and final message",
    about: "events in order, thinking, tool input and text",
    forms: ["streamed"],
    async check(cell) {
      const client = anthropic(rigFor(cell));
      const order: string[] = [];
      const seen = { thinking: "", json: "", blocks: 0 };
      const stream = client.messages
        .stream({
          model: PROVIDERS[cell.provider].thinking[0]!,
          max_tokens: 4000,
          thinking: { type: "enabled", budget_tokens: 1024 },
          tools: [{ name: "weather", description: WEATHER.description, input_schema: { ...WEATHER.schema, type: "object" } }],
          messages: [{ role: "user", content: "What is the weather in Paris?" }],
        })
        .on("streamEvent", (event) => void order.push(event.type))
        .on("thinking", (delta) => void (seen.thinking += delta))
        .on("inputJson", (delta) => void (seen.json += delta))
        .on("contentBlock", () => void (seen.blocks += 1));
      const message = await stream.finalMessage();
      // Gemini's signature of a call rides in a thinking block of its own.
      const types = ["thinking", ...(cell.provider === "gemini" ? ["thinking"] : []), "tool_use"];
      expect(message.content.map((block) => block.type)).toEqual(types);
      expect(message).toMatchObject({ role: "assistant", stop_reason: "tool_use" });
      expect(message.content.at(-1)).toMatchObject({ name: "weather", input: { city: "Paris" } });
      expect(seen).toMatchObject({ blocks: types.length, json: '{"city":"Paris"}' });
      expect(seen.thinking).toBe("The user said: What is the weather in Paris?. I will answer that.");
      expect(order[0]).toBe("message_start");
      expect(order.slice(-2)).toEqual(["message_delta", "message_stop"]);
      const text = client.messages.stream({
        model: PROVIDERS[cell.provider].model,
        max_tokens: 400,
        messages: [{ role: "user", content: "one two three" }],
      });
      expect(await text.finalText()).toBe("You said: one two three");
    },
  },
  {
    id: "messages.parse",
    title: "`messages.parse()` with zod",
    about: "the parsed answer",
    forms: ["whole"],
    async check(cell) {
      const client = anthropic(rigFor(cell));
      const message = await client.messages.parse({
        model: PROVIDERS[cell.provider].model,
        max_tokens: 400,
        messages: [{ role: "user", content: 'A cloudy forecast for "Paris" with 21 degrees.' }],
        output_config: { format: zodOutputFormat(Forecast) },
      });
      expect(message.parsed_output).toEqual({ city: "Paris", degrees: 21, sky: "cloudy" });
    },
  },
];
