import type { JSONObject } from "../../ir/json.ts";
import type { Tool } from "../../ir/tool.ts";
import { isObject, string } from "./wire.ts";

const WRAPPER = "parallel";
const PREFIX = "functions.";

/** One of several calls that came as one. */
export interface InnerCall {
  readonly name: string;
  readonly arguments: string;
}

/** Whether a call may be the wrapper in which OpenAI's models now and then put parallel calls; a tool of that name is a tool. */
export function isWrapper(name: unknown, tools: readonly Tool[] | undefined): boolean {
  return name === WRAPPER && tools?.some((tool) => tool.type !== "provider" && tool.name === WRAPPER) !== true;
}

/** The calls inside the wrapper; `undefined` unless every one is a call of a declared function. */
export function innerCalls(text: string, tools: readonly Tool[] | undefined): readonly InnerCall[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const uses = isObject(value) ? value["tool_uses"] : undefined;
  if (!Array.isArray(uses) || uses.length === 0) return undefined;
  const calls: InnerCall[] = [];
  for (const use of uses as readonly unknown[]) {
    const { recipient_name, parameters }: JSONObject = isObject(use) ? use : {};
    const recipient = string(recipient_name) ?? "";
    const name = recipient.slice(PREFIX.length);
    const isDeclared = tools?.some((tool) => tool.type !== "provider" && tool.type !== "custom" && tool.name === name);
    if (!recipient.startsWith(PREFIX) || isDeclared !== true || !isObject(parameters)) return undefined;
    calls.push({ name, arguments: JSON.stringify(parameters) });
  }
  return calls;
}
