import { expect } from "vitest";
import { rigFor, WEATHER, type Capability } from "../capability.ts";
import { google } from "../clients/gemini.ts";
import { PROVIDERS, tokensIn } from "../harness.ts";

/** The helpers of `@google/genai`. */
export const geminiHelpers: readonly Capability[] = [
  {
    id: "chats",
    title: "`chats`: sendMessage, sendMessageStream, history",
    about: "a tool loop with thoughts; the history brings back every signature",
    forms: ["whole", "streamed"],
    async check(cell) {
      for (const model of PROVIDERS[cell.provider].thinking) {
        const rig = rigFor(cell);
        const chat = google(rig).chats.create({
          model,
          config: {
            thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
            tools: [
              { functionDeclarations: [{ name: "weather", description: WEATHER.description, parametersJsonSchema: WEATHER.schema }] },
            ],
          },
        });
        const send = async (message: Parameters<typeof chat.sendMessage>[0]["message"]) => {
          const texts: string[] = [];
          const calls: { readonly id?: string; readonly name?: string; readonly args?: unknown }[] = [];
          const responses = cell.form === "whole" ? [await chat.sendMessage({ message })] : await chat.sendMessageStream({ message });
          for await (const response of responses) {
            calls.push(...(response.functionCalls ?? []));
            if (response.functionCalls === undefined) texts.push(response.text ?? "");
          }
          return { text: texts.join(""), calls };
        };
        const { calls } = await send("What is the weather in Paris?");
        expect(calls).toMatchObject([{ name: "weather", args: { city: "Paris" } }]);
        const { id } = calls[0]!;
        const response = { ...(id === undefined ? {} : { id }), name: "weather", response: { output: "21 degrees" } };
        expect((await send([{ functionResponse: response }])).text).toBe("weather returned 21 degrees.");
        const history = chat.getHistory(true);
        expect(history.map((content) => content.role)).toEqual(expect.arrayContaining(["user", "model"]));
        expect(JSON.stringify(history)).toContain('"functionCall"');
        const [first, second] = await rig.upstream();
        for (const token of tokensIn(first!.response)) expect(second!.request, model).toContain(token);
      }
    },
  },
];
