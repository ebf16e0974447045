import { object, text, type Json, type JsonObject } from "../core/json.ts";
import { first } from "../core/shape.ts";
import type { Failure, WireContext } from "../core/turn.ts";
import { callSubject, signsCalls, TEXT_SUBJECT } from "./answer.ts";
import { geminiInvalid } from "./errors.ts";
import { contentsOf, field, partsOf, partsWith } from "./read.ts";

/** Documented stand-ins for a signature that a history from elsewhere does not have. */
const SENTINELS = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

/** What is wrong with the order of turns or with their signatures, if anything. */
export function turnProblem(body: JsonObject, context: WireContext): Failure | undefined {
  const contents = contentsOf(body);
  return first([() => roles(contents), () => functionTurns(contents), () => signatures(contents, context)]);
}

function roles(contents: readonly JsonObject[]): Failure | undefined {
  if (contents.some((content) => content["role"] !== undefined && !["user", "model", "function"].includes(text(content["role"]))))
    return geminiInvalid("Please use a valid role: user, model.");
  return contents.length > 1 && contents.some((content) => content["role"] === undefined)
    ? geminiInvalid("Please ensure that multiturn requests have a role on each content.")
    : undefined;
}

function functionTurns(contents: readonly JsonObject[]): Failure | undefined {
  for (const [index, content] of contents.entries()) {
    const previous = contents[index - 1];
    const calls = partsWith(content, "functionCall");
    const responses = partsWith(content, "functionResponse");
    const asked = partsWith(previous, "functionCall");
    if (calls.length > 0 && (content["role"] !== "model" || previous === undefined || previous["role"] === "model")) {
      return geminiInvalid("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
    }
    if (responses.length > 0 && asked.length === 0)
      return geminiInvalid("Please ensure that function response turn comes immediately after a function call turn.");
    if (asked.length === 0) continue;
    if (responses.length !== asked.length) {
      return geminiInvalid(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    }
    if (!sameNames(asked, responses))
      return geminiInvalid(
        "Please ensure that the names of the function response parts match those of the function call parts of the function call turn.",
      );
    if (!sameIds(asked, responses))
      return geminiInvalid(
        "Please ensure that the ids of the function response parts match those of the function call parts of the function call turn.",
      );
  }
  return partsWith(contents.at(-1), "functionCall").length > 0
    ? geminiInvalid("Please ensure that function call turn is immediately followed by a function response turn.")
    : undefined;
}

function sameNames(calls: readonly JsonObject[], responses: readonly JsonObject[]): boolean {
  const names = (items: readonly JsonObject[]) =>
    items
      .map((item) => text(item["name"]))
      .toSorted()
      .join("\n");
  return names(calls) === names(responses);
}

/** Ids are optional; a response that has one must name a call. */
function sameIds(calls: readonly JsonObject[], responses: readonly JsonObject[]): boolean {
  const known = calls.map((call) => call["id"]);
  const given = responses.map((response) => response["id"]).filter((id) => id !== undefined);
  return given.every((id) => known.includes(id)) && new Set(given).size === given.length;
}

function signatures(contents: readonly JsonObject[], context: WireContext): Failure | undefined {
  return first(
    contents.map((content, index) => () => (content["role"] === "model" ? signatureProblem(content, index, context) : undefined)),
  );
}

function signatureProblem(content: JsonObject, index: number, context: WireContext): Failure | undefined {
  let position = 0;
  for (const [at, part] of partsOf(content).entries()) {
    const call = field(part, "functionCall");
    const signature = field(part, "thoughtSignature");
    if (call !== undefined) position += 1;
    if (call !== undefined && position === 1 && signature === undefined && signsCalls(context.model)) {
      return geminiInvalid(
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${text(object(call)["name"])}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
      );
    }
    if (signature === undefined || SENTINELS.includes(text(signature))) continue;
    if (context.signer.verify(text(signature), context.model, subjectOf(call)) !== "valid")
      return geminiInvalid(`Thought signature is not valid: contents[${index}].parts[${at}].`);
  }
  return undefined;
}

function subjectOf(call: Json | undefined): string {
  if (call === undefined) return TEXT_SUBJECT;
  const { name, args } = object(call);
  return callSubject(text(name), args ?? {});
}
