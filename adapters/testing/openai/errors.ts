import { jsonKind, type Path, type Problem } from "../core/shape.ts";
import type { Failure, Frame } from "../core/turn.ts";
import type { JsonObject } from "../core/json.ts";

/** `messages[1].tool_calls[0].id` */
export function openaiPath(path: Path): string {
  return path.reduce<string>((all, step) => (typeof step === "number" ? `${all}[${step}]` : all === "" ? step : `${all}.${step}`), "");
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: "an object",
  array: "an array",
  integer: "an integer",
  string: "a string",
  boolean: "a boolean",
  number: "a decimal number",
  null: "null",
};

function named(kind: string): string {
  const names: Readonly<Record<string, string>> = { ...ARTICLES, number: "a decimal" };
  return kind
    .split(" or ")
    .map((item) => names[item] ?? item)
    .join(" or ");
}

export function invalidRequest(message: string, param: string | null = null, code: string | null = null): Failure {
  return { status: 400, message, type: "invalid_request_error", param, code };
}

/** The API's sentence for a value that does not fit. */
export function openaiProblem(problem: Problem): Failure {
  const param = openaiPath(problem.path);
  const { got, limit } = problem;
  const said = typeof got === "string" ? got : JSON.stringify(got ?? null);
  switch (problem.problem) {
    case "unknown":
      return invalidRequest(`Unknown parameter: '${param}'.`, param, "unknown_parameter");
    case "missing":
      return invalidRequest(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");
    case "type":
      return invalidRequest(
        `Invalid type for '${param}': expected ${named(problem.expected)}, but got ${ARTICLES[jsonKind(got)] ?? jsonKind(got)} instead.`,
        param,
        "invalid_type",
      );
    case "value":
      return invalidRequest(`Invalid value: '${said}'. Supported values are: ${problem.expected}.`, param, "invalid_value");
    case "pattern":
      return invalidRequest(
        `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${problem.expected}'.`,
        param,
        "invalid_value",
      );
    case "too-long":
    case "too-short": {
      const [word, bound, code] =
        problem.problem === "too-long" ? ["long", "maximum", "string_above_max_length"] : ["short", "minimum", "string_below_min_length"];
      return invalidRequest(
        `Invalid '${param}': string too ${word}. Expected a string with ${bound} length ${limit}, but got a string with length ${said.length} instead.`,
        param,
        code,
      );
    }
    case "too-many":
    case "too-few": {
      const [word, bound, code] =
        problem.problem === "too-many" ? ["long", "maximum", "array_above_max_length"] : ["short", "minimum", "array_below_min_length"];
      const length = Array.isArray(got) ? got.length : 0;
      return invalidRequest(
        `Invalid '${param}': array too ${word}. Expected an array with ${bound} length ${limit}, but got an array with length ${length} instead.`,
        param,
        code,
      );
    }
    case "above":
    case "below": {
      const kind = problem.expected === "integer" ? "integer" : "decimal";
      const [side, sign] = problem.problem === "above" ? ["above maximum", "<="] : ["below minimum", ">="];
      return invalidRequest(
        `Invalid '${param}': ${kind} ${side} value. Expected a value ${sign} ${limit}, but got ${said} instead.`,
        param,
        `${kind}_${side.replace(" ", "_")}_value`.replace("above_maximum", "above_max").replace("below_minimum", "below_min"),
      );
    }
    default:
      return problem.problem satisfies never;
  }
}

const TYPES: Readonly<Record<number, string>> = {
  429: "requests",
  500: "server_error",
  502: "server_error",
  503: "server_error",
  504: "server_error",
};
const CODES: Readonly<Record<number, string>> = { 401: "invalid_api_key", 429: "rate_limit_exceeded" };

export function openaiError(failure: Failure): JsonObject {
  const code = failure.code === undefined ? (CODES[failure.status] ?? null) : failure.code;
  return {
    error: {
      message: failure.message,
      type: failure.type ?? TYPES[failure.status] ?? "invalid_request_error",
      param: failure.param ?? null,
      code,
    },
  };
}

export function chatErrorFrame(failure: Failure): Frame {
  return { kind: "delta", data: JSON.stringify(openaiError(failure)) };
}

export function responsesErrorFrame(failure: Failure): Frame {
  return { kind: "delta", event: "error", data: JSON.stringify({ type: "error", sequence_number: 0, ...openaiError(failure) }) };
}
