import type { Part } from "./ir/content.ts";
import { CrosspointError } from "./ir/error.ts";
import type { CallRequest } from "./call-options.ts";

/** Every field of a call. */
const FIELDS: Readonly<Record<keyof CallRequest, 1>> = {
  model: 1,
  messages: 1,
  tools: 1,
  toolChoice: 1,
  parallelToolCalls: 1,
  output: 1,
  reasoning: 1,
  maxOutputTokens: 1,
  temperature: 1,
  topP: 1,
  topK: 1,
  frequencyPenalty: 1,
  presencePenalty: 1,
  stop: 1,
  seed: 1,
  n: 1,
  logprobs: 1,
  topLogprobs: 1,
  logitBias: 1,
  verbosity: 1,
  serviceTier: 1,
  modalities: 1,
  promptCacheKey: 1,
  cache: 1,
  user: 1,
  safetyIdentifier: 1,
  metadata: 1,
  store: 1,
  providerOptions: 1,
  attribution: 1,
  signal: 1,
  headers: 1,
  apiKey: 1,
  retries: 1,
  deadline: 1,
  timeout: 1,
  firstEventTimeout: 1,
  idleTimeout: 1,
  minTokensPerSecond: 1,
  fallbacks: 1,
  recovery: 1,
  hedge: 1,
  region: 1,
  unsupported: 1,
  onWire: 1,
};

const ROLES = ["system", "user", "assistant", "tool"];
/** The kinds of parts, and their fields that must be texts. */
const PARTS: Readonly<Record<Part["type"], readonly string[]>> = {
  text: ["text"],
  file: ["mediaType"],
  reasoning: ["text"],
  "tool-call": ["id", "name", "arguments"],
  "tool-result": ["callId"],
  refusal: ["text"],
  source: [],
  provider: ["family"],
};
const KINDS = Object.keys(PARTS);
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

type Loose = Readonly<Record<string, unknown>>;

/** Catches the mistakes of callers without types that would else be lost, or show up as a provider's 400. Throws BAD_REQUEST. */
export function checkRequest(request: CallRequest): void {
  const asked: Loose = isObject(request) ? request : {};
  if (typeof asked["model"] !== "string") throw wrong("model", 'must be a string, as "openai/gpt-5-mini"');
  for (const key in asked) {
    if (!Object.hasOwn(FIELDS, key) && asked[key] !== undefined)
      throw wrong(key, `is no field of a request; there are: ${Object.keys(FIELDS).join(", ")}`);
  }
  const { messages, tools, toolChoice, output, reasoning, signal } = asked;
  if (!Array.isArray(messages)) throw wrong("messages", "must be a list");
  for (let index = 0; index < messages.length; index++) checkMessage(messages[index], index);
  if (tools !== undefined) {
    if (!Array.isArray(tools)) throw wrong("tools", "must be a list");
    tools.forEach(checkTool);
  }
  if (typeof toolChoice === "string") oneOf("toolChoice", toolChoice, ["auto", "none", "required"]);
  if (output !== undefined) {
    const { type, schema } = objectAt("output", output);
    oneOf("output.type", type, ["text", "json"]);
    if (schema !== undefined) objectAt("output.schema", schema);
  }
  if (reasoning !== undefined) {
    const { effort } = objectAt("reasoning", reasoning);
    if (effort !== undefined) oneOf("reasoning.effort", effort, EFFORTS);
  }
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== "function")
    throw wrong("signal", "must be an AbortSignal");
}

function checkMessage(message: unknown, index: number): void {
  const at = `messages[${index}]`;
  const { role, content } = objectAt(at, message);
  if (role !== "user") oneOf(`${at}.role`, role, ROLES);
  if (typeof content === "string") return;
  if (!Array.isArray(content)) throw wrong(`${at}.content`, "must be a text or a list of parts");
  for (let place = 0; place < content.length; place++) {
    const part = content[place] as unknown;
    if (!isObject(part)) throw wrong(`${at}.content[${place}]`, "must be an object");
    const { type } = part;
    if (type !== "text") oneOf(`${at}.content[${place}].type`, type, KINDS);
    for (const field of PARTS[type as Part["type"]])
      if (typeof part[field] !== "string") throw wrong(`${at}.content[${place}].${field}`, "must be a text");
    if (type === "file") objectAt(`${at}.content[${place}].data`, part["data"]);
  }
}

function checkTool(tool: unknown, index: number): void {
  const { type, name } = objectAt(`tools[${index}]`, tool);
  if (type !== "provider" && typeof name !== "string")
    throw wrong(`tools[${index}].name`, "must be a text: a tool is as { name, description, inputSchema }");
}

function objectAt(at: string, value: unknown): Loose {
  if (!isObject(value)) throw wrong(at, "must be an object");
  return value;
}

/** Throws unless the value is in the list. */
function oneOf(at: string, value: unknown, list: readonly string[]): void {
  if (list.includes(value as string)) return;
  const shown = typeof value === "string" ? `"${value.slice(0, 40)}"` : value === null ? "null" : typeof value;
  throw wrong(at, `must be one of ${list.join(", ")}, not ${shown}`);
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(param: string, message: string): CrosspointError {
  return new CrosspointError("BAD_REQUEST", `${param} ${message}`, { param });
}
