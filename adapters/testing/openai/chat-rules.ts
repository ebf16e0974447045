import { object, objects, text, type JsonObject } from "../core/json.ts";
import { isBase64, sniff } from "../core/media.ts";
import { findProblem, first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { contentText } from "./chat-read.ts";
import { COMPATIBLE_CHAT, OPENAI_CHAT } from "./chat-shape.ts";
import { invalidRequest, openaiProblem } from "./errors.ts";
import { isOpenAIModel, isReasoningModel, modelProblem } from "./models.ts";
import { strictProblem } from "./strict-schema.ts";

type Rule = (body: JsonObject) => Failure | undefined;

/** What Chat Completions refuses beyond wrong types: one function a rule. */
const RULES: readonly Rule[] = [
  maxTokens,
  modelParameters,
  dependentParameters,
  toolSchemas,
  toolChoice,
  responseFormat,
  jsonWord,
  turns,
  assistantContent,
  media,
];

export function checkChat(body: JsonObject, _context: WireContext): Failure | undefined {
  const problem = findProblem(body, isOpenAIModel(text(body["model"])) ? OPENAI_CHAT : COMPATIBLE_CHAT);
  return problem === undefined ? first(RULES.map((rule) => () => rule(body))) : openaiProblem(problem);
}

function maxTokens(body: JsonObject): Failure | undefined {
  const { max_tokens: old, max_completion_tokens: current, model } = body;
  if (typeof old === "number" && typeof current === "number") {
    return invalidRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      "max_tokens",
      "invalid_parameter_combination",
    );
  }
  if (typeof old !== "number" || !isReasoningModel(text(model))) return undefined;
  return invalidRequest(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "max_tokens",
    "unsupported_parameter",
  );
}

function modelParameters(body: JsonObject): Failure | undefined {
  return modelProblem(body, text(body["model"]), { value: body["reasoning_effort"], param: "reasoning_effort" });
}

function dependentParameters(body: JsonObject): Failure | undefined {
  const has = (name: string) => body[name] !== undefined && body[name] !== null;
  if (has("stream_options") && body["stream"] !== true)
    return invalidRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  const lonely = ["tool_choice", "parallel_tool_calls"].find((name) => has(name) && !has("tools") && body[name] !== "none");
  if (lonely !== undefined)
    return invalidRequest(`Invalid value for '${lonely}': '${lonely}' is only allowed when 'tools' are specified.`, lonely);
  if (has("top_logprobs") && body["logprobs"] !== true)
    return invalidRequest("'top_logprobs' is only allowed when 'logprobs' is enabled.", "top_logprobs");
  return Object.keys(object(body["metadata"])).length > 16
    ? invalidRequest(
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties.",
        "metadata",
        "object_above_max_properties",
      )
    : undefined;
}

/** Why a function's schema is refused, if it is. */
export function functionSchemaProblem(tool: JsonObject, param: string): Failure | undefined {
  const { parameters } = tool;
  const invalid = (reason: string) =>
    invalidRequest(`Invalid schema for function '${text(tool["name"])}': ${reason}`, param, "invalid_function_parameters");
  if (tool["strict"] === true) {
    const problem = strictProblem(parameters);
    return problem === undefined ? undefined : invalid(problem);
  }
  if (parameters === undefined || parameters === null) return undefined;
  const { type, properties } = object(parameters);
  if (Object.keys(object(parameters)).length === 0) return undefined;
  if (type !== "object")
    return invalid(`schema must be a JSON Schema of 'type: "object"', got 'type: "${typeof type === "string" ? type : "None"}"'.`);
  return properties === undefined && object(parameters)["$ref"] === undefined && Object.keys(object(parameters)).length === 1
    ? invalid("In context=(), object schema missing properties.")
    : undefined;
}

function toolSchemas(body: JsonObject): Failure | undefined {
  return first(
    objects(body["tools"]).map(
      (tool, index) => () =>
        tool["type"] === "function" ? functionSchemaProblem(object(tool["function"]), `tools[${index}].function.parameters`) : undefined,
    ),
  );
}

function toolChoice(body: JsonObject): Failure | undefined {
  const choice = object(body["tool_choice"]);
  const name = object(choice["function"] ?? choice["custom"])["name"];
  const known = objects(body["tools"]).map((tool) => object(tool["function"] ?? tool["custom"])["name"]);
  if (typeof name !== "string" || known.includes(name)) return undefined;
  return invalidRequest(
    `Invalid value for 'tool_choice': no function named '${name}' was specified in the 'tools' parameter.`,
    "tool_choice",
  );
}

function responseFormat(body: JsonObject): Failure | undefined {
  const format = object(object(body["response_format"])["json_schema"]);
  const problem = format["strict"] === true ? strictProblem(format["schema"]) : undefined;
  return problem === undefined
    ? undefined
    : invalidRequest(`Invalid schema for response_format '${text(format["name"])}': ${problem}`, "response_format");
}

function jsonWord(body: JsonObject): Failure | undefined {
  if (object(body["response_format"])["type"] !== "json_object") return undefined;
  const said = objects(body["messages"]).some((message) => /json/i.test(contentText(message["content"])));
  return said
    ? undefined
    : invalidRequest("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages");
}

function turns(body: JsonObject): Failure | undefined {
  let open: string[] = [];
  let answerable: readonly string[] = [];
  for (const [index, message] of objects(body["messages"]).entries()) {
    const role = message["role"];
    if (role === "tool") {
      const id = text(message["tool_call_id"]);
      if (answerable.length === 0)
        return invalidRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          `messages.[${index}].role`,
        );
      if (!answerable.includes(id))
        return invalidRequest(
          `Invalid parameter: 'tool_call_id' of '${id}' not found in 'tool_calls' of previous message.`,
          `messages.[${index}].tool_call_id`,
        );
      open = open.filter((item) => item !== id);
      continue;
    }
    if (open.length > 0) return unanswered(open, index);
    answerable = role === "assistant" ? objects(message["tool_calls"]).map((call) => text(call["id"])) : [];
    open = [...answerable];
    if (new Set(open).size !== open.length)
      return invalidRequest(
        `Duplicate value for 'tool_call_id' of '${open.find((id, at) => open.indexOf(id) !== at)}' in message with role 'assistant'.`,
        `messages.[${index}].tool_calls`,
      );
  }
  return open.length > 0 ? unanswered(open, objects(body["messages"]).length) : undefined;
}

function unanswered(ids: readonly string[], index: number): Failure {
  return invalidRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
    `messages.[${index}].role`,
  );
}

function assistantContent(body: JsonObject): Failure | undefined {
  const index = objects(body["messages"]).findIndex(
    (message) =>
      message["role"] === "assistant" &&
      (message["content"] === null || message["content"] === undefined) &&
      ["tool_calls", "refusal", "audio", "function_call"].every((name) => message[name] === undefined || message[name] === null),
  );
  return index < 0 ? undefined : invalidRequest("Invalid value for 'content': expected a string, got null.", `messages.[${index}].content`);
}

/** Why an image or a file given as a URL is refused, if it is. */
export function urlProblem(url: string, kind: "image" | "file", param: string): Failure | undefined {
  const data = /^data:([^;,]*);base64,(.*)$/s.exec(url);
  if (data === null) {
    if (kind === "image" && /^https?:\/\//.test(url)) return undefined;
    const wanted =
      kind === "image" ? "Expected a valid URL, but got a value with an invalid format." : "Expected a base64-encoded data URL.";
    return invalidRequest(`Invalid '${param}'. ${wanted}`, param, kind === "image" ? "invalid_value" : "invalid_file_data");
  }
  const [, type = "", content = ""] = data;
  if (!isBase64(content))
    return invalidRequest(
      `Invalid '${param}': could not decode base64 data.`,
      param,
      kind === "image" ? "invalid_base64_image" : "invalid_file_data",
    );
  if (kind === "file") {
    if (type === "application/pdf" && sniff(content) !== "application/pdf")
      return invalidRequest("The PDF is not valid.", param, "invalid_file_data");
    return type === "" ? invalidRequest(`Invalid '${param}': missing MIME type.`, param, "unsupported_mime_type") : undefined;
  }
  if (sniff(content)?.startsWith("image/") === true && type.startsWith("image/")) return undefined;
  return invalidRequest(
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
    param,
    "invalid_image_format",
  );
}

function media(body: JsonObject): Failure | undefined {
  return first(
    objects(body["messages"]).flatMap((message, index) =>
      objects(message["content"]).map((part, at) => () => {
        const where = `messages[${index}].content[${at}]`;
        if (part["type"] === "image_url") return urlProblem(text(object(part["image_url"])["url"]), "image", `${where}.image_url.url`);
        const file = part["type"] === "file" ? object(part["file"]) : {};
        if (typeof file["file_data"] === "string") return urlProblem(file["file_data"], "file", `${where}.file.file_data`);
        return undefined;
      }),
    ),
  );
}
