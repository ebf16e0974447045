import { number, object, objects, text, type JsonObject } from "../core/json.ts";
import { isBase64, sniff } from "../core/media.ts";
import { findProblem, first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { anthropicInvalid, anthropicProblem } from "./errors.ts";
import { atLeast, claudeVersion, maxOutput } from "./models.ts";
import { blocks } from "./read.ts";
import { outputSchemaProblem } from "./schema.ts";
import { anthropicShape } from "./shape.ts";
import { turnProblem } from "./turns.ts";

type Rule = (body: JsonObject, context: WireContext) => Failure | undefined;

const NEWEST = "2026-10-21";
const VERSIONS = ["2023-01-01", "2023-06-01", NEWEST];

/** What the Messages API refuses beyond wrong types: one function a rule. */
const RULES: readonly Rule[] = [
  outputLimit,
  sampling,
  thinking,
  effort,
  tools,
  toolChoice,
  schemas,
  emptyText,
  cacheBreakpoints,
  media,
  stopSequences,
  turnProblem,
];

export function checkAnthropic(body: JsonObject, context: WireContext): Failure | undefined {
  const version = context.headers["anthropic-version"];
  if (version === undefined) return anthropicInvalid("anthropic-version: header is required");
  if (!VERSIONS.includes(version)) return anthropicInvalid(`anthropic-version: "${version}" is not a valid version`);
  const problem = findProblem(body, anthropicShape(version !== NEWEST, context.headers["anthropic-beta"] !== undefined));
  return problem === undefined ? first(RULES.map((rule) => () => rule(body, context))) : anthropicProblem(problem);
}

function outputLimit(body: JsonObject): Failure | undefined {
  const model = text(body["model"]);
  const limit = maxOutput(model);
  const wanted = number(body["max_tokens"]) ?? 0;
  return wanted <= limit
    ? undefined
    : anthropicInvalid(`max_tokens: ${wanted} > ${limit}, which is the maximum allowed number of output tokens for ${model}`);
}

/** Models after Claude Opus 4.6 take no sampling parameters; those of the fourth generation take only one of two. */
function sampling(body: JsonObject): Failure | undefined {
  const { temperature, top_p: topP, top_k: topK } = body;
  const version = claudeVersion(text(body["model"]));
  if (version === undefined) return undefined;
  if (version > 4.6) {
    if (temperature !== undefined && temperature !== 1) return anthropicInvalid("`temperature` is deprecated for this model.");
    if (topP !== undefined && (number(topP) ?? 0) < 0.99) return anthropicInvalid("`top_p` is deprecated for this model.");
    return topK === undefined ? undefined : anthropicInvalid("`top_k` is deprecated for this model.");
  }
  return version >= 4.1 && temperature !== undefined && topP !== undefined
    ? anthropicInvalid("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    : undefined;
}

function thinking(body: JsonObject): Failure | undefined {
  const config = object(body["thinking"]);
  const { type } = config;
  const model = text(body["model"]);
  if (type !== "enabled" && type !== "adaptive") return undefined;
  if (!atLeast(model, 3.7)) return anthropicInvalid(`'${model}' does not support thinking.`);
  if (type === "adaptive" && !atLeast(model, 4.6)) return anthropicInvalid("adaptive thinking is not supported on this model");
  if (type === "enabled" && (claudeVersion(model) ?? 0) > 4.6) {
    return anthropicInvalid(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  if (type === "enabled" && (number(body["max_tokens"]) ?? 0) <= (number(config["budget_tokens"]) ?? 0))
    return anthropicInvalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
  if (["any", "tool"].includes(text(object(body["tool_choice"])["type"])))
    return anthropicInvalid("Thinking may not be enabled when tool_choice forces tool use.");
  if (body["temperature"] !== undefined && body["temperature"] !== 1)
    return anthropicInvalid("`temperature` may only be set to 1 when thinking is enabled.");
  if (body["top_k"] !== undefined) return anthropicInvalid("`top_k` must be unset when thinking is enabled.");
  return body["top_p"] !== undefined && (number(body["top_p"]) ?? 0) < 0.95
    ? anthropicInvalid("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")
    : undefined;
}

function effort(body: JsonObject): Failure | undefined {
  const model = text(body["model"]);
  const wanted = object(body["output_config"])["effort"];
  if (wanted === undefined || wanted === null) return undefined;
  return atLeast(model, 4.6) || /opus-4-5/.test(model) ? undefined : anthropicInvalid("This model does not support the effort parameter.");
}

function tools(body: JsonObject): Failure | undefined {
  const names = objects(body["tools"]).map((tool) => text(tool["name"]));
  return names.some((name, index) => name !== "" && names.indexOf(name) !== index)
    ? anthropicInvalid("tools: Tool names must be unique.")
    : undefined;
}

function toolChoice(body: JsonObject): Failure | undefined {
  const choice = object(body["tool_choice"]);
  if (choice["type"] === undefined) return undefined;
  if (objects(body["tools"]).length === 0 && choice["type"] !== "none")
    return anthropicInvalid("tool_choice: may only be specified while providing tools");
  if (choice["type"] !== "tool" || objects(body["tools"]).some((tool) => tool["name"] === choice["name"])) return undefined;
  return anthropicInvalid(`Tool '${text(choice["name"])}' not found in provided tools`);
}

function schemas(body: JsonObject): Failure | undefined {
  const format = object(object(body["output_config"])["format"]);
  const output = format["schema"] === undefined ? undefined : outputSchemaProblem(format["schema"]);
  if (output !== undefined) return anthropicInvalid(`output_config.format.schema: ${output}`);
  return first(
    objects(body["tools"]).map((tool, index) => () => {
      const problem = tool["strict"] === true ? outputSchemaProblem(tool["input_schema"]) : undefined;
      return problem === undefined ? undefined : anthropicInvalid(`tools.${index}.custom: ${problem}`);
    }),
  );
}

function emptyText(body: JsonObject): Failure | undefined {
  const messages = objects(body["messages"]);
  const empty = (content: readonly JsonObject[]) => content.some((block) => block["type"] === "text" && text(block["text"]).trim() === "");
  const bare = messages.findIndex(
    (message, index) =>
      blocks(message["content"]).length === 0 ||
      (message["content"] === "" && !(message["role"] === "assistant" && index === messages.length - 1)),
  );
  if (bare >= 0)
    return anthropicInvalid(
      `messages.${bare}: ${bare === messages.length - 1 ? "user messages must have non-empty content" : "all messages must have non-empty content except for the optional final assistant message"}`,
    );
  if (
    messages.some(
      (message) =>
        Array.isArray(message["content"]) && objects(message["content"]).some((block) => block["type"] === "text" && block["text"] === ""),
    )
  )
    return anthropicInvalid("messages: text content blocks must be non-empty");
  if (messages.some((message) => empty(blocks(message["content"]))))
    return anthropicInvalid("messages: text content blocks must contain non-whitespace text");
  return Array.isArray(body["system"]) && empty(blocks(body["system"]))
    ? anthropicInvalid("system: text content blocks must be non-empty")
    : undefined;
}

const MAX_BREAKPOINTS = 4;

function cacheBreakpoints(body: JsonObject): Failure | undefined {
  const inside = (content: readonly JsonObject[]): readonly JsonObject[] =>
    content.flatMap((block) => [block, ...objects(block["content"])]);
  const marked = [
    ...objects(body["tools"]),
    ...blocks(body["system"]),
    ...objects(body["messages"]).flatMap((message) => inside(blocks(message["content"]))),
    body,
  ]
    .map((item) => item["cache_control"])
    .filter((item) => item !== undefined && item !== null)
    .map(object);
  if (marked.length > MAX_BREAKPOINTS)
    return anthropicInvalid(`A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${marked.length}.`);
  const short = marked.findIndex((item) => item["ttl"] !== "1h");
  const late = short >= 0 && marked.slice(short).some((item) => item["ttl"] === "1h");
  return late
    ? anthropicInvalid(
        "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
      )
    : undefined;
}

function media(body: JsonObject): Failure | undefined {
  return first(
    objects(body["messages"]).flatMap((message, index) =>
      blocks(message["content"]).flatMap((block, at) => [
        () => mediaProblem(block, `messages.${index}.content.${at}`),
        ...objects(block["content"]).map(
          (part, inner) => () => mediaProblem(part, `messages.${index}.content.${at}.tool_result.content.${inner}`),
        ),
      ]),
    ),
  );
}

function mediaProblem(block: JsonObject, where: string): Failure | undefined {
  const source = object(block["source"]);
  if ((block["type"] !== "image" && block["type"] !== "document") || source["type"] !== "base64") return undefined;
  const data = text(source["data"]);
  if (!isBase64(data)) return anthropicInvalid(`${where}.${text(block["type"])}.source.base64.data: invalid base64 data`);
  const found = sniff(data);
  if (block["type"] === "document")
    return found === "application/pdf"
      ? undefined
      : anthropicInvalid(`${where}.document.source.base64.data: The PDF specified was not valid.`);
  if (found === undefined) return anthropicInvalid("Could not process image");
  const claimed = text(source["media_type"]);
  return found === claimed
    ? undefined
    : anthropicInvalid(`${where}.image.source.base64.data: Image does not match the provided media type ${claimed}`);
}

function stopSequences(body: JsonObject): Failure | undefined {
  const sequences = Array.isArray(body["stop_sequences"]) ? (body["stop_sequences"] as readonly unknown[]) : [];
  return sequences.some((item) => typeof item === "string" && item.trim() === "")
    ? anthropicInvalid("stop_sequences: each stop sequence must contain non-whitespace")
    : undefined;
}
