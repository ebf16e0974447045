import type { Json, JsonObject } from "../core/json.ts";
import type { Path, Problem } from "../core/shape.ts";
import type { Failure, Frame } from "../core/turn.ts";
import { snake } from "./read.ts";

export function geminiInvalid(message: string, details?: readonly Json[]): Failure {
  return { status: 400, message, type: "INVALID_ARGUMENT", ...(details === undefined ? {} : { details }) };
}

/** `contents[0].parts[1].inline_data` */
export function geminiPath(path: Path): string {
  return path.reduce<string>(
    (all, step) => (typeof step === "number" ? `${all}[${step}]` : all === "" ? snake(step) : `${all}.${snake(step)}`),
    "",
  );
}

const TYPES: Readonly<Record<string, string>> = {
  string: "TYPE_STRING",
  boolean: "TYPE_BOOL",
  integer: "TYPE_INT32",
  number: "TYPE_FLOAT",
  array: "TYPE_MESSAGE",
  object: "TYPE_MESSAGE",
};

function violation(field: string, description: string): Failure {
  return geminiInvalid(description, [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field, description }] }]);
}

/** The API's sentence for a value that does not fit. */
export function geminiProblem(problem: Problem): Failure {
  const at = geminiPath(problem.path);
  const parent = geminiPath(problem.path.slice(0, -1));
  switch (problem.problem) {
    case "unknown":
      return violation(
        parent,
        `Invalid JSON payload received. Unknown name "${String(problem.path.at(-1))}"${parent === "" ? "" : ` at '${parent}'`}: Cannot find field.`,
      );
    case "type":
      return violation(
        at,
        `Invalid value at '${at}' (${TYPES[problem.expected.split(" or ")[0] ?? ""] ?? "TYPE_MESSAGE"}), ${JSON.stringify(problem.got ?? null)}`,
      );
    case "value":
      return violation(at, `Invalid value at '${at}' (TYPE_ENUM), ${JSON.stringify(problem.got ?? null)}`);
    case "missing":
      return geminiInvalid(`* GenerateContentRequest.${at}: ${at.split(".").at(-1)} is not specified\n`);
    case "pattern":
      return geminiInvalid(
        `* GenerateContentRequest.${at}: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`,
      );
    case "too-long":
    case "too-many":
      return geminiInvalid(`* GenerateContentRequest.${at}: at most ${problem.limit} are allowed.\n`);
    case "too-short":
    case "too-few":
      return geminiInvalid(`* GenerateContentRequest.${at}: must not be empty.\n`);
    case "above":
      return geminiInvalid(`* GenerateContentRequest.${at}: value must be at most ${problem.limit}.\n`);
    case "below":
      return geminiInvalid(`* GenerateContentRequest.${at}: value must be at least ${problem.limit}.\n`);
    default:
      return problem.problem satisfies never;
  }
}

const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

export function geminiError(failure: Failure): JsonObject {
  const status = failure.type ?? STATUSES[failure.status] ?? "UNKNOWN";
  return {
    error: {
      code: failure.status,
      message: failure.message,
      status,
      ...(failure.details === undefined ? {} : { details: failure.details }),
    },
  };
}

export function geminiErrorFrame(failure: Failure): Frame {
  return { kind: "delta", data: JSON.stringify(geminiError(failure)) };
}
