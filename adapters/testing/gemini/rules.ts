import { number, object, objects, text, type Json, type JsonObject } from "../core/json.ts";
import { isBase64, sniff } from "../core/media.ts";
import { findProblem, first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { geminiInvalid, geminiProblem } from "./errors.ts";
import { camel, contentsOf, declarationsOf, partsOf } from "./read.ts";
import { schemaProblem } from "./schema.ts";
import { GEMINI } from "./shape.ts";
import { turnProblem } from "./turns.ts";

type Rule = (body: JsonObject, context: WireContext) => Failure | undefined;

/** What generateContent refuses beyond wrong types: one function a rule. */
const RULES: readonly Rule[] = [parts, thinking, penalties, output, declarations, toolConfig, toolMix, media, turnProblem];

export function checkGemini(source: JsonObject, context: WireContext): Failure | undefined {
  const body = object(camelKeys(source));
  const problem = findProblem(body, GEMINI);
  return problem === undefined ? first(RULES.map((rule) => () => rule(body, context))) : geminiProblem(problem);
}

/** Values whose keys are the user's and stay as they are. */
const OPAQUE = new Set([
  "args",
  "response",
  "parameters",
  "parametersJsonSchema",
  "responseSchema",
  "responseJsonSchema",
  "labels",
  "partMetadata",
]);

function camelKeys(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value ?? null;
  const entries = Object.entries(value as JsonObject).map(([key, item]) => [camel(key), OPAQUE.has(camel(key)) ? item : camelKeys(item)]);
  return Object.fromEntries(entries) as JsonObject;
}

function generation(model: string): number {
  return Number(/gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? Infinity);
}

const DATA = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
];

/** Each part carries exactly one kind of data. */
function parts(body: JsonObject): Failure | undefined {
  return first(
    contentsOf(body).map((content, index) => () => {
      if (partsOf(content).length === 0)
        return geminiInvalid(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`);
      const at = partsOf(content).findIndex((part) => DATA.filter((name) => part[name] !== undefined).length !== 1);
      return at < 0
        ? undefined
        : geminiInvalid(
            `* GenerateContentRequest.contents[${index}].parts[${at}].data: required oneof field 'data' must have one initialized field\n`,
          );
    }),
  );
}

function budgetRange(model: string): readonly [number, number] {
  if (/flash-lite/.test(model)) return [512, 24_576];
  return /flash/.test(model) ? [1, 24_576] : [128, 32_768];
}

function thinking(body: JsonObject, context: WireContext): Failure | undefined {
  const config = object(object(body["generationConfig"])["thinkingConfig"]);
  const budget = number(config["thinkingBudget"]);
  const level = config["thinkingLevel"];
  const { model } = context;
  if (budget !== undefined && level !== undefined) return geminiInvalid("You can only set only one of thinking budget and thinking level.");
  if (level !== undefined && generation(model) < 3) return geminiInvalid("Thinking level is not supported for this model.");
  if (Object.keys(config).length > 0 && generation(model) < 2.5) return geminiInvalid("Thinking is not supported for this model.");
  if (budget === 0 && !/2\.5-flash/.test(model) && generation(model) < Infinity)
    return geminiInvalid("Budget 0 is invalid. This model only works in thinking mode.");
  if (budget === 0 && config["includeThoughts"] === true)
    return geminiInvalid("Thinking_config.include_thoughts is only enabled when thinking is enabled.");
  const [low, high] = budgetRange(model);
  const outside = budget !== undefined && budget > 0 && (budget < low || budget > high);
  return outside ? geminiInvalid(`The thinking budget ${budget} is invalid. Please choose a value between ${low} and ${high}.`) : undefined;
}

function penalties(body: JsonObject, context: WireContext): Failure | undefined {
  const { presencePenalty, frequencyPenalty } = object(body["generationConfig"]);
  const set = presencePenalty !== undefined || frequencyPenalty !== undefined;
  return set && generation(context.model) === 2.5 ? geminiInvalid(`Penalty is not enabled for models/${context.model}`) : undefined;
}

function output(body: JsonObject, context: WireContext): Failure | undefined {
  const { responseMimeType, responseSchema, responseJsonSchema, logprobs, responseLogprobs } = object(body["generationConfig"]);
  const json = responseMimeType === "application/json";
  if (responseSchema !== undefined && responseJsonSchema !== undefined)
    return geminiInvalid("* GenerateContentRequest.generation_config: only one of response_schema and response_json_schema may be set.\n");
  const shaped = responseSchema !== undefined || responseJsonSchema !== undefined;
  if (shaped && !json && responseMimeType !== "text/x.enum")
    return geminiInvalid(
      "* GenerateContentRequest.generation_config.response_schema: only allowed when response_mime_type is 'application/json' or 'text/x.enum'.\n",
    );
  if (responseMimeType !== undefined && !["text/plain", "application/json", "text/x.enum"].includes(text(responseMimeType))) {
    return geminiInvalid(
      "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.\n",
    );
  }
  if (json && declarationsOf(body).length > 0 && generation(context.model) < 3)
    return geminiInvalid("Function calling with a response mime type: 'application/json' is unsupported");
  if (logprobs !== undefined && responseLogprobs !== true)
    return geminiInvalid("* GenerateContentRequest.generation_config.logprobs: response_logprobs must be true to set logprobs.\n");
  return responseSchema === undefined ? undefined : schemaProblem(responseSchema, ["generationConfig", "responseSchema"]);
}

function declarations(body: JsonObject): Failure | undefined {
  const names = declarationsOf(body).map((item) => text(item["name"]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return geminiInvalid(`Duplicate function declaration found: ${twice}`);
  return first(
    objects(body["tools"]).flatMap((tool, index) =>
      objects(tool["functionDeclarations"]).map((item, at) => () => {
        const path = ["tools", index, "functionDeclarations", at];
        if (item["parameters"] !== undefined && item["parametersJsonSchema"] !== undefined)
          return geminiInvalid("parameters and parameters_json_schema are mutually exclusive. Only one can be set.");
        return item["parameters"] === undefined ? undefined : schemaProblem(item["parameters"], [...path, "parameters"]);
      }),
    ),
  );
}

function toolConfig(body: JsonObject): Failure | undefined {
  const { mode, allowedFunctionNames } = object(object(body["toolConfig"])["functionCallingConfig"]);
  const names = Array.isArray(allowedFunctionNames) ? (allowedFunctionNames as readonly Json[]) : [];
  if (names.length > 0 && mode !== "ANY" && mode !== "VALIDATED")
    return geminiInvalid("Function calling mode must be ANY or VALIDATED when allowed_function_names is set.");
  const known = declarationsOf(body).map((item) => item["name"]);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    return geminiInvalid(
      `* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: ${text(unknown)} is not among the function declarations.\n`,
    );
  return mode === "ANY" && known.length === 0 ? geminiInvalid("Function calling config is set without function_declarations.") : undefined;
}

/** Before Gemini 3, functions and Google's own tools cannot be offered together. */
function toolMix(body: JsonObject, context: WireContext): Failure | undefined {
  const kinds = new Set(objects(body["tools"]).flatMap((tool) => Object.keys(tool)));
  return kinds.has("functionDeclarations") && kinds.size > 1 && generation(context.model) < 3
    ? geminiInvalid("Tool use with function calling is unsupported")
    : undefined;
}

function media(body: JsonObject): Failure | undefined {
  return first(
    contentsOf(body).flatMap((content, index) =>
      partsOf(content).flatMap((part, at) => {
        const where = `contents[${index}].parts[${at}]`;
        const nested = objects(object(part["functionResponse"])["parts"]);
        return [
          () => blobProblem(object(part["inlineData"]), where),
          ...nested.map((item) => () => blobProblem(object(item["inlineData"]), `${where}.function_response.parts`)),
        ];
      }),
    ),
  );
}

function blobProblem(blob: JsonObject, where: string): Failure | undefined {
  if (blob["data"] === undefined) return undefined;
  const data = text(blob["data"]).replaceAll("-", "+").replaceAll("_", "/");
  const type = text(blob["mimeType"]);
  if (!isBase64(data.padEnd(Math.ceil(data.length / 4) * 4, "=")))
    return geminiInvalid(`Invalid value at '${where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for "${data.slice(0, 20)}"`);
  if (!/^(image|audio|video|text)\/[\w.+-]+$|^application\/(pdf|json|x-javascript|x-python)$/.test(type))
    return geminiInvalid(`Unsupported MIME type: ${type}`);
  const checked = ["image/png", "image/jpeg", "image/webp"].includes(type);
  if (checked && sniff(data)?.startsWith("image/") !== true)
    return geminiInvalid(
      "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
    );
  return type === "application/pdf" && sniff(data) !== type ? geminiInvalid("The document has no pages.") : undefined;
}
