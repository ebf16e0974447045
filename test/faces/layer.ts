import type { CallRequest, Message, ModelResponse } from "crosspoint";
import type { Face, Told } from "./face.ts";
import { QUESTION, REPORT_SCHEMA, resultOf, SYSTEM, TOOLS } from "./script.ts";

export const layer: Face = {
  title: "the layer",
  async converse(crosspoint, model, streamed) {
    const ask = async (messages: readonly Message[]): Promise<ModelResponse> => {
      const request: CallRequest = {
        model,
        messages,
        tools: Object.entries(TOOLS).map(([name, { description, inputSchema }]) => ({ name, description, inputSchema })),
        output: { type: "json", name: "report", schema: REPORT_SCHEMA, strict: true },
        reasoning: { effort: "low", visibility: "detailed" },
      };
      if (!streamed) return crosspoint.generate(request);
      const stream = crosspoint.stream(request);
      let text = "";
      for await (const piece of stream.textStream) text += piece;
      const response = await stream.response;
      if (text !== response.text) throw new Error(`the stream said ${text}, its response ${response.text}`);
      return response;
    };
    const question: Message[] = [
      { role: "system", content: SYSTEM },
      { role: "user", content: QUESTION },
    ];
    const first = await ask(question);
    const results = first.toolCalls.map(({ id, name }) => ({ type: "tool-result", callId: id, output: resultOf(name) }) as const);
    const second = await ask([...question, { role: "assistant", content: first.content }, { role: "tool", content: results }]);
    return [told(first), told(second)];
  },
};

function told({ text, reasoning, toolCalls, usage: { input, output, total }, cost }: ModelResponse): Told {
  return {
    text,
    reasoning,
    calls: toolCalls.map((call) => ({ id: call.id, name: call.name, arguments: JSON.parse(call.arguments) as unknown })),
    usage: {
      input: input.total,
      cacheRead: input.cacheRead,
      cacheWrite: input.cacheWrite,
      output: output.total,
      reasoning: output.reasoning,
      total,
    },
    cost: cost?.total,
  };
}
