import { object, objects, text, type JsonObject } from "../core/json.ts";
import { findProblem, first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { functionSchemaProblem, urlProblem } from "./chat-rules.ts";
import { invalidRequest, openaiProblem } from "./errors.ts";
import { isOpenAIModel, isReasoningModel, modelProblem } from "./models.ts";
import { reasoningSubject } from "./responses-answer.ts";
import { findStored, inputItems, itemType, unknownItem, wants } from "./responses-read.ts";
import { RESPONSES } from "./responses-shape.ts";
import { strictProblem } from "./strict-schema.ts";

type Rule = (body: JsonObject, context: WireContext) => Failure | undefined;

/** What the Responses API refuses beyond wrong types: one function a rule. */
const RULES: readonly Rule[] = [
  state,
  modelParameters,
  toolSchemas,
  toolChoice,
  textFormat,
  jsonWord,
  itemIds,
  pairs,
  reasoningItems,
  media,
];

export function checkResponses(body: JsonObject, context: WireContext): Failure | undefined {
  const problem = findProblem(body, RESPONSES);
  return problem === undefined ? first(RULES.map((rule) => () => rule(body, context))) : openaiProblem(problem);
}

function state(body: JsonObject): Failure | undefined {
  if (typeof body["previous_response_id"] !== "string" || body["conversation"] === undefined || body["conversation"] === null)
    return undefined;
  return invalidRequest(
    "Mutually exclusive parameters: Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
    null,
    "mutually_exclusive_parameters",
  );
}

function modelParameters(body: JsonObject): Failure | undefined {
  const model = text(body["model"]);
  const found = modelProblem(body, model, { value: object(body["reasoning"])["effort"], param: "reasoning.effort" });
  if (found !== undefined || isReasoningModel(model) || !isOpenAIModel(model)) return found;
  if (typeof object(body["reasoning"])["summary"] === "string")
    return invalidRequest(
      "Unsupported parameter: 'reasoning.summary' is not supported with this model.",
      "reasoning.summary",
      "unsupported_parameter",
    );
  return wants(body, "reasoning.encrypted_content")
    ? invalidRequest("Encrypted content is not supported with this model.", "include")
    : undefined;
}

function toolSchemas(body: JsonObject): Failure | undefined {
  return first(
    objects(body["tools"]).map(
      (tool, index) => () => (tool["type"] === "function" ? functionSchemaProblem(tool, `tools[${index}].parameters`) : undefined),
    ),
  );
}

function toolChoice(body: JsonObject): Failure | undefined {
  const { type, name } = object(body["tool_choice"]);
  if ((type !== "function" && type !== "custom") || objects(body["tools"]).some((tool) => tool["name"] === name)) return undefined;
  return invalidRequest(`Tool choice '${text(name)}' not found in 'tools' parameter.`, "tool_choice");
}

function textFormat(body: JsonObject): Failure | undefined {
  const format = object(object(body["text"])["format"]);
  const problem = format["type"] === "json_schema" && format["strict"] === true ? strictProblem(format["schema"]) : undefined;
  return problem === undefined
    ? undefined
    : invalidRequest(
        `Invalid schema for response_format '${text(format["name"])}': ${problem}`,
        "text.format.schema",
        "invalid_json_schema",
      );
}

function jsonWord(body: JsonObject): Failure | undefined {
  if (object(object(body["text"])["format"])["type"] !== "json_object") return undefined;
  const said = /json/i.test(JSON.stringify(inputItems(body).map((item) => item["content"] ?? "")));
  return said
    ? undefined
    : invalidRequest(
        "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
        "input",
      );
}

const ID_PREFIXES: Readonly<Record<string, string>> = { message: "msg", function_call: "fc", custom_tool_call: "ctc", reasoning: "rs" };

function itemIds(body: JsonObject): Failure | undefined {
  const items = inputItems(body);
  const wrong = items.findIndex((item) => {
    const prefix = ID_PREFIXES[itemType(item)];
    return typeof item["id"] === "string" && prefix !== undefined && !item["id"].startsWith(prefix);
  });
  if (wrong >= 0) {
    const item = items[wrong] ?? {};
    return invalidRequest(
      `Invalid 'input[${wrong}].id': '${text(item["id"])}'. Expected an ID that begins with '${ID_PREFIXES[itemType(item)]}'.`,
      `input[${wrong}].id`,
      "invalid_value",
    );
  }
  const long = items.findIndex((item) => text(item["id"]).length > 64);
  if (long < 0) return undefined;
  return invalidRequest(
    `Invalid 'input[${long}].id': string too long. Expected a string with maximum length 64, but got a string with length ${text(items[long]?.["id"]).length} instead.`,
    `input[${long}].id`,
    "string_above_max_length",
  );
}

function pairs(body: JsonObject): Failure | undefined {
  return pairsOf(body, "function_call", "function call") ?? pairsOf(body, "custom_tool_call", "custom tool call");
}

/** Every call has its output, every output a call before it. */
function pairsOf(body: JsonObject, type: string, name: string): Failure | undefined {
  const called = new Set<string>();
  const answered = new Set<string>();
  for (const item of inputItems(body)) {
    const id = text(item["call_id"]);
    if (itemType(item) === type) {
      if (called.has(id))
        return invalidRequest(`Duplicate item found with call_id ${id}. Remove duplicate items from your input and try again.`, "input");
      called.add(id);
    }
    if (itemType(item) !== `${type}_output`) continue;
    if (!called.has(id)) return invalidRequest(`No tool call found for ${name} output with call_id ${id}.`, "input");
    answered.add(id);
  }
  const open = [...called].find((id) => !answered.has(id));
  return open === undefined ? undefined : invalidRequest(`No tool output found for ${name} ${open}.`, "input");
}

function reasoningItems(body: JsonObject, context: WireContext): Failure | undefined {
  const items = inputItems(body);
  const model = text(body["model"]);
  return first(
    items.map((item, index) => () => {
      if (itemType(item) !== "reasoning") return undefined;
      const id = text(item["id"]);
      if (typeof item["encrypted_content"] === "string") {
        const subject = id === "" ? (context.signer.open(item["encrypted_content"]) ?? "") : id;
        if (context.signer.verify(item["encrypted_content"], model, reasoningSubject(subject)) !== "valid")
          return unverified(id || `at position ${index}`);
      } else if (findStored(context, id) === undefined) return unknownItem(id);
      const next = items[index + 1];
      if (next !== undefined && (itemType(next) === "reasoning" || itemType(next).endsWith("call") || next["role"] === "assistant"))
        return undefined;
      return invalidRequest(`Item '${id}' of type 'reasoning' was provided without its required following item.`, "input");
    }),
  );
}

function unverified(id: string): Failure {
  return invalidRequest(
    `The encrypted content for item ${id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
    null,
    "invalid_encrypted_content",
  );
}

function media(body: JsonObject): Failure | undefined {
  return first(
    inputItems(body).flatMap((item, index) =>
      [...objects(item["content"]), ...objects(item["output"])].map((part, at) => () => {
        const where = `input[${index}].${item["content"] === undefined ? "output" : "content"}[${at}]`;
        if (part["type"] === "input_image")
          return typeof part["image_url"] === "string"
            ? urlProblem(part["image_url"], "image", `${where}.image_url`)
            : fileSource(part, where, "image_url");
        if (part["type"] !== "input_file") return undefined;
        if (typeof part["file_data"] === "string") return urlProblem(part["file_data"], "file", `${where}.file_data`);
        return fileSource(part, where, "file_url");
      }),
    ),
  );
}

function fileSource(part: JsonObject, where: string, other: string): Failure | undefined {
  if (typeof part["file_id"] === "string" || typeof part[other] === "string") return undefined;
  return invalidRequest(`Missing required parameter: '${where}.${other}'.`, `${where}.${other}`, "missing_required_parameter");
}
