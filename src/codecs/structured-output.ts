import type { Message } from "../ir/content.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest, OutputFormat } from "../ir/request.ts";
import type { FinishReason } from "../ir/response.ts";
import type { Target } from "../ir/target.ts";
import type { ToolChoice } from "../ir/tool.ts";
import { fitsClosed } from "./history/closed-schema.ts";
import type { Report } from "./history/report.ts";

/** Whether the target cannot hold an answer to a schema by itself, so that a tool has to carry it. */
export function needsJsonTool(request: ModelRequest, { codec, quirks, traits }: Target): boolean {
  const { output, tools = [], toolChoice } = request;
  if (output?.type !== "json" || output.schema === undefined) return false;
  if (traits.jsonSchema === false || quirks.noJsonSchema === true) return true;
  if (quirks.noJsonSchemaWithTools === true && tools.length > 0) return true;
  if (codec === "anthropic-messages") return !fitsClosed(output.schema);
  if (!tools.some((tool) => tool.type !== "provider")) return false;
  // A forced call and a schema exclude each other on Gemini's wire.
  const isForced =
    toolChoice === "required" || (typeof toolChoice === "object" && ("tool" in toolChoice || toolChoice.mode === "required"));
  return traits.jsonSchemaWithTools === false || (codec === "gemini" && isForced);
}

/**
 * The request with a tool in place of `output`: the model must call it, or one of the caller's own. A choice that forces one of
 * the caller's tools stays. `name` is the new tool's, which no tool of the request bears.
 */
export function useJsonTool(request: ModelRequest): { readonly request: ModelRequest; readonly name: string } {
  const { output, tools = [], toolChoice, ...rest } = request;
  const format = output as OutputFormat & { readonly type: "json" };
  let name = "json";
  for (let count = 1; tools.some((tool) => tool.type !== "provider" && tool.name === name); count += 1) name = `json_${count}`;
  const tool = {
    name,
    description: format.description ?? "Gives the answer. Call it once, with the whole answer as its arguments.",
    inputSchema: format.schema ?? { type: "object" },
    ...(format.strict === undefined ? undefined : { strict: format.strict }),
  };
  return {
    name,
    request: { ...rest, tools: [...tools, tool], toolChoice: widen(toolChoice, name, tools.length), parallelToolCalls: false },
  };
}

function widen(choice: ToolChoice | undefined, name: string, others: number): ToolChoice {
  if (others === 0 || choice === "none") return { tool: name };
  if (typeof choice !== "object") return "required";
  return "tool" in choice ? choice : { tools: [...choice.tools, name], mode: "required" };
}

/**
 * Turns the calls of the tool `name` back into text, for one answer. Text is held back: when the tool is called it was only a
 * preamble and goes; when another tool is called, or none, it is shown. A finish for tool calls becomes `stop` where no other tool was called.
 */
export function jsonToolEvents(name: string): (events: readonly StreamEvent[]) => readonly StreamEvent[] {
  interface Choice {
    /** The id of the call that carries the answer. */
    answer?: string;
    others?: boolean;
    held: StreamEvent[];
  }
  let choices = new Map<number, Choice>();
  /** The choices of the texts, and of the calls that answer. */
  let blocks = new Map<string, Choice>();
  const choiceOf = (index = 0): Choice => {
    const choice = choices.get(index) ?? { held: [] };
    choices.set(index, choice);
    return choice;
  };
  const release = (choice: Choice, out: StreamEvent[]): void => {
    if (choice.answer === undefined) out.push(...choice.held);
    choice.held = [];
  };
  const finish = (reason: FinishReason, index: number): FinishReason => {
    const { answer, others } = choiceOf(index);
    return reason.unified === "tool-calls" && answer !== undefined && others !== true ? { ...reason, unified: "stop" } : reason;
  };

  const push = (event: StreamEvent, out: StreamEvent[]): void => {
    switch (event.type) {
      case "text-start":
      case "tool-call-start": {
        const choice = choiceOf(event.choice);
        if (event.type === "tool-call-start" && event.name !== name) {
          choice.others = true;
          release(choice, out);
          out.push(event);
          break;
        }
        blocks.set(event.id, choice);
        if (event.type === "text-start") choice.held.push(event);
        else if (choice.answer === undefined) {
          choice.answer = event.id;
          out.push({ type: "text-start", id: event.id, ...(event.choice === undefined ? undefined : { choice: event.choice }) });
        }
        break;
      }
      case "text-delta":
      case "text-end":
      case "tool-call-delta":
      case "tool-call-end": {
        const choice = blocks.get(event.id);
        if (choice === undefined) out.push(event);
        else if (choice.answer === event.id) out.push(asText(event));
        else choice.held.push(event);
        break;
      }
      case "response-end": {
        const { otherFinishReasons: more } = event;
        for (const choice of choices.values()) release(choice, out);
        out.push({
          ...event,
          finishReason: finish(event.finishReason, 0),
          ...(more === undefined ? undefined : { otherFinishReasons: more.map((reason, index) => finish(reason, index + 1)) }),
        });
        break;
      }
      case "response-restart":
        choices = new Map();
        blocks = new Map();
        out.push(event);
        break;
      default:
        out.push(event);
    }
  };

  return (events) => {
    const out: StreamEvent[] = [];
    for (const event of events) push(event, out);
    return out;
  };
}

function asText(event: Extract<StreamEvent, { type: "text-delta" | "text-end" | "tool-call-delta" | "tool-call-end" }>): StreamEvent {
  if (event.type === "tool-call-delta") return { type: "text-delta", id: event.id, text: event.arguments };
  if (event.type !== "tool-call-end") return event;
  return { type: "text-end", id: event.id, ...(event.opaque === undefined ? undefined : { opaque: event.opaque }) };
}

const INSTRUCTION = "Answer with one JSON value and nothing else.";

/**
 * Asks for JSON in the way that the target has: natively, by a tool (`tool` is its name), or by a sentence. OpenAI refuses its
 * JSON mode when no message speaks of JSON.
 */
export function askForJSON(
  request: ModelRequest,
  target: Target,
  report: Report,
): { readonly request: ModelRequest; readonly tool?: string } {
  const { output, ...rest } = request;
  if (output?.type !== "json") return { request };
  if (needsJsonTool(request, target)) {
    report.note("jsonTool", "output");
    // What the schema loses in the native form it would lose in a strict tool too.
    const isLoose = target.codec === "anthropic-messages" && output.strict === true && !fitsClosed(output.schema!);
    const { request: changed, name } = useJsonTool(isLoose ? { ...request, output: { ...output, strict: false } } : request);
    return { request: changed, tool: name };
  }
  if (output.schema !== undefined || target.codec === "gemini") return { request };
  const withoutMode = target.codec === "anthropic-messages";
  if (!withoutMode && request.messages.some(speaksOfJSON)) return { request };
  report.note("jsonText", "output");
  return { request: { ...(withoutMode ? rest : request), messages: instruct(request.messages) } };
}

function speaksOfJSON({ content }: Message): boolean {
  return typeof content === "string" ? /json/i.test(content) : content.some((part) => part.type === "text" && /json/i.test(part.text));
}

function instruct(messages: readonly Message[]): readonly Message[] {
  const first = messages[0];
  if (first?.role !== "system") return [{ role: "system", content: INSTRUCTION }, ...messages];
  const { content } = first;
  return messages.with(0, {
    ...first,
    content: typeof content === "string" ? `${content}\n\n${INSTRUCTION}` : [...content, { type: "text", text: INSTRUCTION }],
  });
}
