import type { ToolOutput, ToolResultPart } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";

/**
 * The object with lone surrogates replaced in its texts, which providers refuse; the same object when there are none. A name
 * stays: it is mapped.
 */
export function mendText<T extends object>(value: T): T {
  let mended = value;
  for (const key in value) {
    const text = value[key];
    if (typeof text === "string" && key !== "name" && !text.isWellFormed()) mended = { ...mended, [key]: text.toWellFormed() };
  }
  return mended;
}

/** The value as JSON can hold it: no cycles, no depth without bound, no `bigint`, no lone surrogates. The same value when it is so. */
export function mendJSON(value: unknown, path: Set<unknown> = new Set()): JSONValue {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  if (typeof value !== "object" || value === null) return value as JSONValue;
  if (path.has(value) || path.size > 200) return "[…]";
  path.add(value);
  let changed = false;
  const entries = Object.entries(value).map(([key, item]): [string, JSONValue] => {
    const mended = mendJSON(item, path);
    const name = key.toWellFormed();
    changed ||= mended !== item || name !== key;
    return [name, mended];
  });
  path.delete(value);
  if (!changed) return value as JSONObject;
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const PLAIN = ["text", "output", "content", "stdout", "codeExecutionResult"];

/** The plain words in a block that another provider made, cut short; `undefined` when it has none. */
export function plainText(raw: JSONValue | undefined, depth = 0): string | undefined {
  if (typeof raw === "string") return raw.trim() === "" ? undefined : raw.toWellFormed().slice(0, 1000).toWellFormed();
  if (typeof raw !== "object" || raw === null || depth > 2) return undefined;
  for (const key of PLAIN) {
    const found = Object.hasOwn(raw, key) ? plainText((raw as JSONObject)[key], depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a tool gave back, as text; files are left out. */
export function outputText(output: ToolResultPart["output"]): string {
  if (typeof output === "string") return output;
  switch (output.type) {
    case "text":
      return output.text;
    case "json":
      return JSON.stringify(output.value) ?? "";
    case "denied":
      return output.reason ?? "Tool call execution denied.";
    case "content":
      return output.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    default:
      return output satisfies never as ToolOutput & string;
  }
}
