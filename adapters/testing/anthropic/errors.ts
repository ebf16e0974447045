import type { JsonObject } from "../core/json.ts";
import type { Path, Problem } from "../core/shape.ts";
import type { Failure, Frame } from "../core/turn.ts";

export function anthropicInvalid(message: string): Failure {
  return { status: 400, message, type: "invalid_request_error" };
}

/** `messages.0.content.1.text` */
export function anthropicPath(path: Path): string {
  return path.join(".");
}

const KINDS: Readonly<Record<string, string>> = {
  string: "string",
  boolean: "boolean",
  integer: "integer",
  number: "number",
  array: "array",
  object: "dictionary",
};

/** The API's sentence for a value that does not fit. */
export function anthropicProblem(problem: Problem): Failure {
  const at = anthropicPath(problem.path);
  const { limit } = problem;
  switch (problem.problem) {
    case "unknown":
      return anthropicInvalid(`${at}: Extra inputs are not permitted`);
    case "missing":
      return anthropicInvalid(`${at}: Field required`);
    case "type":
      return anthropicInvalid(
        `${at}: Input should be a valid ${problem.expected
          .split(" or ")
          .map((kind) => KINDS[kind] ?? kind)
          .join(" or ")}`,
      );
    case "value":
      return anthropicInvalid(`${at}: Input should be ${problem.expected.replace(/, ('[^']*')$/, " or $1")}`);
    case "pattern":
      return anthropicInvalid(`${at}: String should match pattern '${problem.expected}'`);
    case "too-long":
      return anthropicInvalid(`${at}: String should have at most ${limit} characters`);
    case "too-short":
      return anthropicInvalid(`${at}: String should have at least ${limit} character${limit === 1 ? "" : "s"}`);
    case "too-many":
      return anthropicInvalid(`${at}: List should have at most ${limit} items`);
    case "too-few":
      return anthropicInvalid(`${at}: List should have at least ${limit} item${limit === 1 ? "" : "s"}`);
    case "above":
      return anthropicInvalid(`${at}: Input should be less than or equal to ${limit}`);
    case "below":
      return anthropicInvalid(`${at}: Input should be greater than or equal to ${limit}`);
    default:
      return problem.problem satisfies never;
  }
}

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export function anthropicError(failure: Failure, requestId: string): JsonObject {
  const type = failure.type ?? TYPES[failure.status] ?? (failure.status >= 500 ? "api_error" : "invalid_request_error");
  const details = failure.code === undefined || failure.code === null ? {} : { details: { error_code: failure.code } };
  return { type: "error", error: { type, message: failure.message, ...details }, request_id: requestId };
}

export function anthropicErrorFrame(failure: Failure, requestId: string): Frame {
  return { kind: "delta", event: "error", data: JSON.stringify(anthropicError(failure, requestId)) };
}
