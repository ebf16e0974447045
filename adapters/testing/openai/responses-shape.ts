import {
  any,
  array,
  boolean,
  decimal,
  either,
  fields,
  freeObject,
  integer,
  nullable,
  oneOf,
  string,
  tagged,
  type Shape,
} from "../core/shape.ts";
import { effort, imageDetail, metadata, serviceTier, toolName, verbosity } from "./chat-shape.ts";

const status = nullable(oneOf("in_progress", "completed", "incomplete"));
const callId: Shape = { kind: "string", min: 1, max: 64 };
const breakpoint = { prompt_cache_breakpoint: freeObject };

const inputPart = tagged("type", {
  input_text: fields({ "type!": string, "text!": string, ...breakpoint }),
  input_image: fields({ "type!": string, image_url: nullable(string), file_id: nullable(string), detail: imageDetail, ...breakpoint }),
  input_file: fields({
    "type!": string,
    file_data: string,
    file_url: string,
    file_id: nullable(string),
    filename: string,
    detail: oneOf("auto", "low", "high"),
    ...breakpoint,
  }),
});
const outputPart = tagged("type", {
  output_text: fields({ "type!": string, "text!": string, annotations: array(freeObject), logprobs: nullable(array(freeObject)) }),
  refusal: fields({ "type!": string, "refusal!": string }),
});

function message(part: Shape): Shape {
  return fields({
    type: oneOf("message"),
    "role!": string,
    "content!": either(string, array(part)),
    id: string,
    status: status,
    phase: nullable(oneOf("commentary", "final_answer")),
  });
}

const toolOutput = either(string, array(inputPart));

/** Items of the input; an item without a type is a message. */
const item = tagged(
  "type",
  {
    message: tagged("role", {
      user: message(inputPart),
      system: message(inputPart),
      developer: message(inputPart),
      assistant: message(outputPart),
    }),
    function_call: fields({
      "type!": string,
      "call_id!": callId,
      "name!": toolName,
      "arguments!": string,
      id: string,
      status: status,
      namespace: string,
      caller: nullable(freeObject),
      async: boolean,
    }),
    function_call_output: fields({
      "type!": string,
      "call_id!": callId,
      "output!": toolOutput,
      id: nullable(string),
      status: status,
      caller: nullable(freeObject),
    }),
    custom_tool_call: fields({
      "type!": string,
      "call_id!": callId,
      "name!": toolName,
      "input!": string,
      id: string,
      status: status,
      namespace: string,
      caller: nullable(freeObject),
    }),
    custom_tool_call_output: fields({
      "type!": string,
      "call_id!": callId,
      "output!": toolOutput,
      id: string,
      status: status,
      caller: nullable(freeObject),
    }),
    reasoning: fields({
      "type!": string,
      "summary!": array(fields({ "type!": oneOf("summary_text"), "text!": string })),
      id: string,
      content: array(fields({ "type!": oneOf("reasoning_text"), "text!": string })),
      encrypted_content: nullable(string),
      status: status,
    }),
    ...Object.fromEntries(
      [
        "item_reference",
        "file_search_call",
        "web_search_call",
        "computer_call",
        "computer_call_output",
        "image_generation_call",
        "code_interpreter_call",
        "local_shell_call",
        "local_shell_call_output",
        "shell_call",
        "shell_call_output",
        "apply_patch_call",
        "apply_patch_call_output",
        "mcp_list_tools",
        "mcp_approval_request",
        "mcp_approval_response",
        "mcp_call",
        "tool_search_call",
        "tool_search_output",
        "additional_tools",
        "configuration_update",
        "compaction",
        "compaction_trigger",
        "program",
        "program_output",
      ].map((type) => [type, freeObject]),
    ),
  },
  { absent: "message" },
);

const tool = tagged("type", {
  function: fields({
    "type!": string,
    "name!": toolName,
    description: nullable(string),
    parameters: nullable(freeObject),
    strict: nullable(boolean),
    output_schema: nullable(freeObject),
    async: boolean,
    defer_loading: boolean,
    allowed_callers: nullable(array(string)),
  }),
  custom: fields({
    "type!": string,
    "name!": toolName,
    description: string,
    format: freeObject,
    defer_loading: boolean,
    allowed_callers: nullable(array(string)),
  }),
  ...Object.fromEntries(
    [
      "namespace",
      "web_search",
      "web_search_preview",
      "file_search",
      "computer",
      "computer_use_preview",
      "code_interpreter",
      "image_generation",
      "mcp",
      "local_shell",
      "shell",
      "apply_patch",
      "tool_search",
    ].map((type) => [type, freeObject]),
  ),
});

const format = tagged("type", {
  text: fields({ "type!": string }),
  json_object: fields({ "type!": string }),
  json_schema: fields({ "type!": string, "name!": toolName, "schema!": freeObject, description: string, strict: nullable(boolean) }),
});

const choice = tagged(
  "type",
  {
    function: fields({ "type!": string, "name!": string }),
    custom: fields({ "type!": string, "name!": string }),
    allowed_tools: fields({ "type!": string, "mode!": oneOf("auto", "required"), "tools!": array(freeObject) }),
  },
  { rest: freeObject },
);

export const RESPONSES = fields({
  "model!": string,
  "input!": either(string, array(item)),
  access_programs: freeObject,
  background: nullable(boolean),
  context_management: nullable(array(freeObject)),
  conversation: nullable(any),
  image: freeObject,
  include: nullable(
    array(
      oneOf(
        "file_search_call.results",
        "web_search_call.results",
        "web_search_call.action.sources",
        "message.input_image.image_url",
        "computer_call_output.output.image_url",
        "code_interpreter_call.outputs",
        "reasoning.encrypted_content",
        "message.output_text.logprobs",
      ),
    ),
  ),
  instructions: nullable(string),
  max_output_tokens: nullable(integer(16)),
  max_tool_calls: nullable(integer(1)),
  metadata: metadata,
  moderation: nullable(freeObject),
  parallel_tool_calls: nullable(boolean),
  previous_response_id: nullable(string),
  prompt: nullable(freeObject),
  prompt_cache_key: nullable(string),
  prompt_cache_options: freeObject,
  prompt_cache_retention: nullable(oneOf("in_memory", "24h")),
  reasoning: nullable(
    fields({
      effort,
      summary: nullable(oneOf("auto", "concise", "detailed")),
      generate_summary: nullable(oneOf("auto", "concise", "detailed")),
      mode: string,
      context: nullable(oneOf("auto", "current_turn", "all_turns")),
    }),
  ),
  safety_identifier: nullable({ kind: "string", max: 64 }),
  service_tier: serviceTier,
  store: nullable(boolean),
  stream: nullable(boolean),
  stream_options: nullable(fields({ include_obfuscation: boolean })),
  temperature: nullable(decimal(0, 2)),
  text: fields({ format, verbosity }),
  tool_choice: either(oneOf("none", "auto", "required"), choice),
  tools: array(tool, 128),
  top_logprobs: nullable(integer(0, 20)),
  top_p: nullable(decimal(0, 1)),
  truncation: nullable(oneOf("auto", "disabled")),
  user: string,
  /** Sent by the Codex client. */
  client_metadata: freeObject,
});
