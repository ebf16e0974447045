import { generateText, isStepCount, jsonSchema, Output, streamText, tool, type ToolSet } from "ai";
import { createCrosspointProvider, crosspointOf } from "crosspoint/ai-sdk";
import type { Face, Told } from "./face.ts";
import { QUESTION, REPORT_SCHEMA, resultOf, SYSTEM, TOOLS } from "./script.ts";

globalThis.AI_SDK_LOG_WARNINGS = false;

type Schema = Parameters<typeof jsonSchema>[0];

export const aiSDK: Face = {
  title: "the AI SDK provider",
  async converse(crosspoint, model, streamed) {
    const task = {
      model: createCrosspointProvider(crosspoint)(model),
      instructions: SYSTEM,
      prompt: QUESTION,
      tools: Object.fromEntries(
        Object.entries(TOOLS).map(([name, { description, inputSchema }]) => [
          name,
          tool({ description, inputSchema: jsonSchema(inputSchema as unknown as Schema), execute: () => resultOf(name) }),
        ]),
      ) as ToolSet,
      output: Output.object({ schema: jsonSchema(REPORT_SCHEMA as unknown as Schema), name: "report" }),
      stopWhen: isStepCount(5),
      providerOptions: { crosspoint: { reasoning: { effort: "low", visibility: "detailed" } } },
    };
    if (!streamed) return (await generateText(task)).steps.map(told);
    const result = streamText({ ...task, onError: ({ error }) => Promise.reject(error as Error) });
    let text = "";
    for await (const piece of result.textStream) text += piece;
    const steps = await result.steps;
    const whole = steps.map((step) => step.text).join("");
    if (text !== whole) throw new Error(`the stream said ${text}, its steps ${whole}`);
    return steps.map(told);
  },
};

type Step = Awaited<ReturnType<typeof generateText<ToolSet>>>["steps"][number];

function told(step: Pick<Step, "text" | "reasoningText" | "toolCalls" | "usage" | "providerMetadata">): Told {
  const { usage } = step;
  return {
    text: step.text,
    reasoning: step.reasoningText ?? "",
    calls: step.toolCalls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, arguments: input as unknown })),
    usage: {
      input: usage.inputTokens,
      cacheRead: usage.inputTokenDetails.cacheReadTokens,
      cacheWrite: usage.inputTokenDetails.cacheWriteTokens,
      output: usage.outputTokens,
      reasoning: usage.outputTokenDetails.reasoningTokens,
      total: usage.totalTokens,
    },
    cost: crosspointOf(step)?.cost,
  };
}
