import {
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

const ID = /^[a-zA-Z0-9_-]+$/;
const labelled = { labelled: true };
const cacheControl = { cache_control: nullable(fields({ "type!": oneOf("ephemeral"), ttl: oneOf("5m", "1h") })) };
const type = { "type!": string };

const text = fields({ ...type, "text!": string, citations: nullable(array(freeObject)), ...cacheControl });
const image = fields({
  ...type,
  "source!": tagged(
    "type",
    {
      base64: fields({ ...type, "media_type!": oneOf("image/jpeg", "image/png", "image/gif", "image/webp"), "data!": string }),
      url: fields({ ...type, "url!": string }),
      file: fields({ ...type, "file_id!": string }),
    },
    labelled,
  ),
  transformations: nullable(freeObject),
  ...cacheControl,
});
const document = fields({
  ...type,
  "source!": tagged(
    "type",
    {
      base64: fields({ ...type, "media_type!": oneOf("application/pdf"), "data!": string }),
      text: fields({ ...type, "media_type!": oneOf("text/plain"), "data!": string }),
      content: fields({ ...type, "content!": either(string, array(freeObject)) }),
      url: fields({ ...type, "url!": string }),
      file: fields({ ...type, "file_id!": string }),
    },
    labelled,
  ),
  title: nullable(string),
  context: nullable(string),
  citations: nullable(fields({ enabled: boolean })),
  ...cacheControl,
});
const searchResult = fields({
  ...type,
  "source!": string,
  "title!": string,
  "content!": array(freeObject),
  citations: freeObject,
  ...cacheControl,
});

const resultPart = tagged(
  "type",
  { text, image, document, search_result: searchResult, tool_reference: freeObject, browser_state: freeObject },
  labelled,
);

const block = tagged(
  "type",
  {
    text,
    image,
    document,
    search_result: searchResult,
    thinking: fields({ ...type, "thinking!": string, "signature!": string }),
    redacted_thinking: fields({ ...type, "data!": string }),
    tool_use: fields({
      ...type,
      "id!": matching(ID),
      "name!": { kind: "string", min: 1, max: 200 },
      "input!": freeObject,
      caller: freeObject,
      toolset_name: nullable(string),
      ...cacheControl,
    }),
    tool_result: fields({
      ...type,
      "tool_use_id!": matching(ID),
      content: either(string, array(resultPart)),
      is_error: boolean,
      toolset_name: nullable(string),
      ...cacheControl,
    }),
    ...Object.fromEntries(
      [
        "server_tool_use",
        "web_search_tool_result",
        "web_fetch_tool_result",
        "code_execution_tool_result",
        "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result",
        "tool_search_tool_result",
        "container_upload",
        "mcp_tool_use",
        "mcp_tool_result",
        "compaction",
        "fallback",
      ].map((name) => [name, freeObject]),
    ),
  },
  labelled,
);

const content = either(string, array(block));
const clientTool = fields({
  type: nullable(oneOf("custom")),
  "name!": matching(/^[a-zA-Z0-9_-]{1,128}$/),
  description: string,
  "input_schema!": fields({ "type!": oneOf("object") }, true),
  strict: boolean,
  input_examples: array(freeObject),
  eager_input_streaming: nullable(boolean),
  defer_loading: boolean,
  allowed_callers: array(string),
  ...cacheControl,
});
const parallel = { disable_parallel_tool_use: boolean };

function messagesShape(sampling: boolean, beta: boolean): Shape {
  return fields({
    "model!": string,
    "messages!": array(fields({ "role!": oneOf("user", "assistant", "system"), "content!": content }), undefined, 1),
    "max_tokens!": integer(0),
    container: nullable(either(string, freeObject)),
    diagnostics: nullable(freeObject),
    inference_geo: nullable(string),
    metadata: fields({ user_id: nullable({ kind: "string", max: 256 }) }),
    output_config: fields({
      effort: nullable(oneOf("low", "medium", "high", "xhigh", "max")),
      format: nullable(fields({ "type!": oneOf("json_schema"), "schema!": freeObject })),
      ...(beta ? { task_budget: freeObject } : {}),
    }),
    service_tier: oneOf("auto", "standard_only"),
    speed: nullable(oneOf("standard", "fast")),
    stop_sequences: array(string, 8191),
    stream: boolean,
    system: either(
      string,
      array(fields({ "type!": oneOf("text"), "text!": string, citations: nullable(array(freeObject)), ...cacheControl })),
    ),
    thinking: tagged(
      "type",
      {
        enabled: fields({ ...type, "budget_tokens!": integer(1024), display: nullable(oneOf("summarized", "omitted")) }),
        adaptive: fields({ ...type, display: nullable(oneOf("summarized", "omitted")) }),
        disabled: fields(type),
        between_tools: fields(type),
      },
      labelled,
    ),
    tool_choice: tagged(
      "type",
      {
        auto: fields({ ...type, ...parallel }),
        any: fields({ ...type, ...parallel }),
        tool: fields({ ...type, "name!": string, ...parallel }),
        none: fields(type),
      },
      labelled,
    ),
    tools: array(tagged("type", { custom: clientTool }, { absent: "custom", rest: freeObject, labelled: true })),
    user_profile_id: string,
    workspace_id: string,
    ...cacheControl,
    ...(sampling ? { temperature: decimal(0, 1), top_p: decimal(0, 1), top_k: integer(0) } : {}),
    ...(beta
      ? {
          betas: array(string),
          context_management: nullable(freeObject),
          mcp_servers: array(freeObject),
          fallbacks: array(freeObject),
          thread: freeObject,
          compaction: freeObject,
        }
      : {}),
  });
}

const SHAPES = {
  plain: messagesShape(false, false),
  beta: messagesShape(false, true),
  sampling: messagesShape(true, false),
  samplingBeta: messagesShape(true, true),
};

/** The request of an API version; beta fields exist only beside an `anthropic-beta` header. */
export function anthropicShape(sampling: boolean, beta: boolean): Shape {
  if (sampling) return beta ? SHAPES.samplingBeta : SHAPES.sampling;
  return beta ? SHAPES.beta : SHAPES.plain;
}
