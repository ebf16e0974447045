import {
  any,
  array,
  boolean,
  decimal,
  either,
  fields,
  freeObject,
  integer,
  matching,
  nullable,
  oneOf,
  string,
  tagged,
  type Shape,
} from "../core/shape.ts";

export const TOOL_NAME = /^[a-zA-Z0-9_-]+$/;
export const toolName = matching(TOOL_NAME, 64);
const id: Shape = { kind: "string", max: 64 };
export const effort = nullable(oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"));
export const metadata = nullable(freeObject);
export const serviceTier = nullable(oneOf("auto", "default", "flex", "scale", "priority", "fast", "ultrafast"));
export const verbosity = nullable(oneOf("low", "medium", "high"));
export const imageDetail = oneOf("auto", "low", "high", "original");

/** Chat Completions as OpenAI itself takes it, or as a compatible host does, which ignores fields it does not know. */
function chatShape(open: boolean): Shape {
  const part = (spec: Readonly<Record<string, Shape>>) => fields({ "type!": string, prompt_cache_breakpoint: freeObject, ...spec }, open);
  const text = part({ "text!": string });
  const refusal = part({ "refusal!": string });
  const userPart = tagged("type", {
    text,
    image_url: part({ "image_url!": fields({ "url!": string, detail: imageDetail }, open) }),
    input_audio: part({ "input_audio!": fields({ "data!": string, "format!": oneOf("wav", "mp3") }) }),
    file: part({ "file!": fields({ file_data: string, file_id: string, filename: string }) }),
    ...(open ? { video_url: any } : {}),
  });
  const instruction = fields({ "role!": string, "content!": either(string, array(tagged("type", { text }))), name: string }, open);
  const call = tagged("type", {
    function: fields({ "id!": id, "type!": string, "function!": fields({ "name!": toolName, "arguments!": string }) }, open),
    custom: fields({ "id!": id, "type!": string, "custom!": fields({ "name!": toolName, "input!": string }) }, open),
  });
  const message = tagged("role", {
    system: instruction,
    developer: instruction,
    user: fields({ "role!": string, "content!": either(string, array(userPart, undefined, 1)), name: string }, open),
    assistant: fields(
      {
        "role!": string,
        content: nullable(either(string, array(tagged("type", { text, refusal })))),
        name: string,
        refusal: nullable(string),
        audio: nullable(freeObject),
        annotations: array(freeObject),
        function_call: nullable(freeObject),
        tool_calls: array(call, 128, 1),
      },
      open,
    ),
    tool: fields({ "role!": string, "content!": either(string, array(tagged("type", { text }))), "tool_call_id!": id, name: string }, open),
    function: freeObject,
  });
  const tool = tagged("type", {
    function: fields(
      {
        "type!": string,
        "function!": fields({ "name!": toolName, description: string, parameters: freeObject, strict: nullable(boolean) }),
      },
      open,
    ),
    custom: fields({ "type!": string, "custom!": fields({ "name!": toolName, description: string, format: freeObject }) }, open),
  });
  const format = tagged("type", {
    text: fields({ "type!": string }),
    json_object: fields({ "type!": string }),
    json_schema: fields({
      "type!": string,
      "json_schema!": fields({ "name!": toolName, description: string, schema: freeObject, strict: nullable(boolean) }),
    }),
  });
  const choice = tagged("type", {
    function: fields({ "type!": string, "function!": fields({ "name!": string }) }),
    custom: fields({ "type!": string, "custom!": fields({ "name!": string }) }),
    allowed_tools: fields({
      "type!": string,
      "allowed_tools!": fields({ "mode!": oneOf("auto", "required"), "tools!": array(freeObject) }),
    }),
  });
  return fields(
    {
      "messages!": array(message, undefined, 1),
      "model!": string,
      audio: nullable(freeObject),
      frequency_penalty: nullable(decimal(-2, 2)),
      function_call: any,
      functions: array(freeObject),
      logit_bias: nullable(freeObject),
      logprobs: nullable(boolean),
      max_completion_tokens: nullable(integer(1)),
      max_tokens: nullable(integer(1)),
      metadata: metadata,
      modalities: nullable(array(oneOf("text", "audio"))),
      moderation: nullable(freeObject),
      n: nullable(integer(1, 128)),
      parallel_tool_calls: boolean,
      prediction: nullable(freeObject),
      presence_penalty: nullable(decimal(-2, 2)),
      prompt_cache_key: nullable(string),
      prompt_cache_options: freeObject,
      prompt_cache_retention: nullable(oneOf("in_memory", "24h")),
      reasoning_effort: effort,
      response_format: format,
      safety_identifier: nullable({ kind: "string", max: 64 }),
      seed: nullable(integer()),
      service_tier: serviceTier,
      stop: nullable(either(string, array(string, 4, 1))),
      store: nullable(boolean),
      stream: nullable(boolean),
      stream_options: nullable(fields({ include_usage: boolean, include_obfuscation: boolean })),
      temperature: nullable(decimal(0, 2)),
      tool_choice: either(oneOf("none", "auto", "required"), choice),
      tools: array(tool, 128, 1),
      top_logprobs: nullable(integer(0, 20)),
      top_p: nullable(decimal(0, 1)),
      user: string,
      verbosity: verbosity,
      web_search_options: freeObject,
    },
    open,
  );
}

export const OPENAI_CHAT = chatShape(false);
export const COMPATIBLE_CHAT = chatShape(true);
