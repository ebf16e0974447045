import type { ProviderPart } from "crosspoint";
import { isObject, KEY } from "./part-state.ts";
import type { ToolNames } from "./tools.ts";
import { isJSON } from "./prompt.ts";
import type { CustomPartV4, Json, JsonObject, ProviderMetadata, ToolCallPart, ToolResultPart } from "./types.ts";

/** What is remembered of the calls of one answer, so that a result can name its call. */
export interface ExecutedCalls {
  readonly names: Map<string, string>;
  last: string;
}

export function createExecutedCalls(): ExecutedCalls {
  return { names: new Map(), last: "" };
}

/** Items that ask the caller to run something (OpenAI Responses). */
const FOR_CALLER: ReadonlySet<unknown> = new Set(["computer_call", "local_shell_call", "shell_call", "apply_patch_call"]);

/** Where items of OpenAI Responses keep what the tool was asked. */
const ASKED = ["action", "operation", "code", "queries", "arguments", "input"] as const;

/**
 * A provider's own block in the AI SDK's words: the call and the result of a tool that the provider ran, a call that the caller runs, or
 * a `custom` part. The block itself rides along and is what goes back to the provider.
 */
export function viewBlock(part: ProviderPart, names: ToolNames, calls: ExecutedCalls): (ToolCallPart | ToolResultPart | CustomPartV4)[] {
  const raw = part.raw as JsonObject;
  const own: JsonObject = {
    family: part.family,
    codec: part.codec,
    raw,
    ...(part.opaque === undefined ? undefined : { opaque: part.opaque as unknown as Json }),
  };
  const metadata: ProviderMetadata = { [KEY]: own };
  const { type, id, call_id: callId, tool_use_id: usedId } = raw;
  const name = typeof raw["name"] === "string" ? raw["name"] : "";
  const call = (toolCallId: string, wire: string, input: unknown, executed = true): ToolCallPart => {
    const known = toCaller(wire, names);
    const toolName = known ?? wire;
    calls.names.set((calls.last = toolCallId), toolName);
    return {
      type: "tool-call",
      toolCallId,
      toolName,
      input: typeof input === "string" && isJSON(input) ? input : JSON.stringify(input ?? {}),
      ...(executed ? { providerExecuted: true } : undefined),
      ...(known === undefined ? { dynamic: true } : undefined),
      providerMetadata: metadata,
    };
  };
  const result = (toolCallId: string, value: Json | undefined, failed: boolean, providerMetadata: ProviderMetadata): ToolResultPart => {
    const toolName = calls.names.get(toolCallId) ?? "unknown";
    return {
      type: "tool-result",
      toolCallId,
      toolName,
      result: value ?? {},
      ...(failed ? { isError: true } : undefined),
      ...(toCaller(toolName, names) === undefined && !hasCaller(toolName, names) ? { dynamic: true } : undefined),
      providerMetadata,
    };
  };
  if (typeof type === "string") {
    const ownId = callId ?? id;
    if (FOR_CALLER.has(type) && typeof ownId === "string") return [call(ownId, type.slice(0, -5), asked(raw, true), false)];
    if (type.endsWith("_call") && typeof id === "string") {
      const { type: _type, id: _id, status, ...rest } = raw;
      const wire = type === "mcp_call" ? `mcp.${name}` : type.slice(0, -5);
      return [
        call(id, wire, asked(raw, false)),
        result(id, rest, status === "failed" || isObject(raw["error"]), { [KEY]: { covered: true } }),
      ];
    }
    if ((type === "server_tool_use" || type === "mcp_tool_use") && typeof id === "string") return [call(id, name, raw["input"])];
    if (type.endsWith("_tool_result") && typeof usedId === "string") {
      const { content, is_error: failed } = raw;
      const kind = isObject(content) ? content["type"] : undefined;
      return [result(usedId, content, failed === true || (typeof kind === "string" && kind.endsWith("_error")), metadata)];
    }
  }
  if (isObject(raw["executableCode"])) {
    const code = raw["executableCode"];
    return [call(typeof code["id"] === "string" ? code["id"] : `code-${calls.names.size}`, "code_execution", code)];
  }
  if (isObject(raw["codeExecutionResult"]) && calls.last !== "") {
    const outcome = raw["codeExecutionResult"];
    return [result(calls.last, outcome, outcome["outcome"] !== undefined && outcome["outcome"] !== "OUTCOME_OK", metadata)];
  }
  return [
    {
      type: "custom",
      kind: `${part.family}.${typeof type === "string" ? type : (Object.keys(raw)[0] ?? "block")}`,
      providerMetadata: metadata,
    },
  ];
}

/** Anthropic's code execution calls itself by what it runs; OpenAI's preview of its search shares the items of the search. */
function toCaller(wire: string, names: ToolNames): string | undefined {
  const found = names.toCaller(wire);
  if (found !== undefined) return found;
  if (wire.endsWith("_code_execution")) return names.toCaller("code_execution");
  return wire === "web_search" ? names.toCaller("web_search_preview") : undefined;
}

function hasCaller(name: string, names: ToolNames): boolean {
  return names.toWire(name) !== name || names.toCaller(name) !== undefined;
}

function asked(raw: JsonObject, whole: boolean): unknown {
  for (const key of ASKED) {
    const value = raw[key];
    if (value === undefined || value === null) continue;
    if (typeof value === "string" && key === "arguments") return value;
    return key === "action" && !whole ? value : { [key]: value };
  }
  return {};
}
