/**
 * The JSON schemas of the GenAI semantic conventions for what is said in a call, as data. A part of a type that they know must be as they say; parts of
 * other types need only their `type`.
 */
type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" } as const;
const modality = { enum: ["image", "video", "audio", "document"] } as const;

/** The fields of each type of part, and those that must be there. */
const PARTS: Readonly<Record<string, readonly [fields: Schema, required: readonly string[]]>> = {
  text: [{ content: text }, ["content"]],
  reasoning: [{ content: text }, ["content"]],
  tool_call: [{ id: text, name: text, arguments: {} }, ["name"]],
  tool_call_response: [{ id: text, response: {} }, ["response"]],
  server_tool_call: [{ id: text, name: text, server_tool_call: { type: "object" } }, ["name", "server_tool_call"]],
  server_tool_call_response: [{ id: text, server_tool_call_response: { type: "object" } }, ["server_tool_call_response"]],
  blob: [{ modality, mime_type: text, content: text }, ["modality", "content"]],
  uri: [{ modality, mime_type: text, uri: text }, ["modality", "uri"]],
  file: [{ modality, mime_type: text, file_id: text }, ["modality", "file_id"]],
};

const known: readonly Schema[] = Object.entries(PARTS).map(([type, [fields, required]]) => ({
  type: "object",
  properties: { type: { const: type }, ...fields },
  required: ["type", ...required],
}));
const generic: Schema = { type: "object", properties: { type: { type: "string", pattern: `^(?!(?:${Object.keys(PARTS).join("|")})$).+$` } }, required: ["type"] }; // oxfmt-ignore
const part: Schema = { anyOf: [...known, generic] };

const message = {
  type: "object",
  properties: { role: { enum: ["system", "user", "assistant", "tool"] }, parts: { type: "array", items: part }, name: text },
  required: ["role", "parts"],
} as const;

const named = { type: "object", properties: { type: text, name: text }, required: ["type", "name"] } as const;

/** By attribute. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  "gen_ai.input.messages": { type: "array", items: message },
  "gen_ai.output.messages": {
    type: "array",
    items: {
      ...message,
      properties: { ...message.properties, finish_reason: { enum: ["stop", "length", "content_filter", "tool_call", "error"] } },
      required: ["role", "parts", "finish_reason"],
    },
  },
  "gen_ai.system_instructions": { type: "array", items: part },
  "gen_ai.tool.definitions": {
    type: "array",
    items: {
      anyOf: [
        {
          type: "object",
          properties: { type: { const: "function" }, name: text, description: text, parameters: { type: "object" } },
          required: ["type", "name"],
        },
        { ...named, properties: { type: { type: "string", pattern: "^(?!function$).+$" }, name: text } },
      ],
    },
  },
};
