import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { jsonSchema, tool, type ModelMessage, type ToolSet } from "ai";
import type { CallRequest, Message } from "crosspoint";
import type OpenAI from "openai";
import { MODEL, type Conversation } from "./conversation.ts";

/** The conversation as each library wants it; made once, so that only the call itself is timed. */

export function forCrosspoint({ turns, tools }: Conversation): CallRequest {
  const messages = turns.map((turn): Message => {
    if (turn.role === "call")
      return { role: "assistant", content: [{ type: "tool-call", id: turn.id, name: turn.name, arguments: turn.arguments }] };
    if (turn.role === "result")
      return { role: "tool", content: [{ type: "tool-result", callId: turn.id, name: turn.name, output: turn.text }] };
    return { role: turn.role, content: turn.text };
  });
  const list = tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters }));
  return { model: `bench/${MODEL}`, messages, ...(list.length === 0 ? undefined : { tools: list }) };
}

export function forOpenAI({ turns, tools }: Conversation): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const messages = turns.map((turn): OpenAI.ChatCompletionMessageParam => {
    if (turn.role === "call") {
      const call = { id: turn.id, type: "function", function: { name: turn.name, arguments: turn.arguments } } as const;
      return { role: "assistant", content: null, tool_calls: [call] };
    }
    if (turn.role === "result") return { role: "tool", tool_call_id: turn.id, content: turn.text };
    return { role: turn.role, content: turn.text };
  });
  const list = tools.map((spec) => ({ type: "function", function: spec }) as const);
  return { model: MODEL, messages, ...(list.length === 0 ? undefined : { tools: list }) };
}

export function forProvider({ turns, tools }: Conversation): LanguageModelV4CallOptions {
  const prompt = turns.map((turn): LanguageModelV4Message => {
    switch (turn.role) {
      case "call":
        return {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: turn.id, toolName: turn.name, input: JSON.parse(turn.arguments) as unknown }],
        };
      case "result":
        return {
          role: "tool",
          content: [{ type: "tool-result", toolCallId: turn.id, toolName: turn.name, output: { type: "text", value: turn.text } }],
        };
      case "system":
        return { role: "system", content: turn.text };
      case "user":
      case "assistant":
        return { role: turn.role, content: [{ type: "text", text: turn.text }] };
      default:
        return turn satisfies never;
    }
  });
  const list = tools.map(
    ({ name, description, parameters }) => ({ type: "function", name, description, inputSchema: parameters }) as const,
  );
  return { prompt, ...(list.length === 0 ? undefined : { tools: list }) } as LanguageModelV4CallOptions;
}

export function forGenerateText({ turns, tools }: Conversation) {
  const messages = forProvider({ turns: turns.filter(({ role }) => role !== "system"), tools: [] }).prompt as ModelMessage[];
  const instructions = turns.flatMap((turn) => (turn.role === "system" ? [turn.text] : []));
  const set: ToolSet = Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters as Parameters<typeof jsonSchema>[0]) }),
    ]),
  );
  return {
    messages,
    ...(instructions.length === 0 ? undefined : { instructions: instructions.join("\n") }),
    ...(tools.length === 0 ? undefined : { tools: set }),
  };
}

export function forLangChain({ turns }: Conversation): BaseMessage[] {
  return turns.map((turn) => {
    switch (turn.role) {
      case "call":
        return new AIMessage({
          content: "",
          tool_calls: [{ id: turn.id, name: turn.name, args: JSON.parse(turn.arguments) as Record<string, unknown> }],
        });
      case "result":
        return new ToolMessage({ tool_call_id: turn.id, content: turn.text });
      case "system":
        return new SystemMessage(turn.text);
      case "user":
        return new HumanMessage(turn.text);
      case "assistant":
        return new AIMessage(turn.text);
      default:
        return turn satisfies never;
    }
  });
}
