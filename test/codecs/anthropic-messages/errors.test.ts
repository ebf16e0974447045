import { describe, expect, test } from "vitest";
import { anthropicMessages as codec } from "../../../src/codecs/anthropic-messages/index.ts";
import { CrosspointError, ERROR_CODES, type ErrorCode } from "../../../src/ir/error.ts";

const body = (type: string, message = "No.") => ({ type: "error", error: { type, message }, request_id: "req_b" });

describe("decodeError", () => {
  test.each([
    [400, "invalid_request_error", "BAD_REQUEST"],
    [401, "authentication_error", "AUTHENTICATION"],
    [402, "billing_error", "QUOTA_EXCEEDED"],
    [403, "permission_error", "PERMISSION_DENIED"],
    [404, "not_found_error", "NOT_FOUND"],
    [409, "conflict_error", "CONFLICT"],
    [413, "request_too_large", "TOO_LARGE"],
    [429, "rate_limit_error", "RATE_LIMITED"],
    [500, "api_error", "SERVER"],
    [504, "timeout_error", "TIMEOUT"],
    [529, "overloaded_error", "OVERLOADED"],
  ])("AN39 %d %s is %s", (status, type, code) => {
    expect(codec.decodeError(status, body(type), undefined)).toMatchObject({
      code,
      status,
      providerCode: type,
      message: "No.",
      requestId: "req_b",
    });
  });

  test.each([
    [400, "BAD_REQUEST"],
    [401, "AUTHENTICATION"],
    [408, "TIMEOUT"],
    [418, "BAD_REQUEST"],
    [422, "UNPROCESSABLE"],
    [429, "RATE_LIMITED"],
    [502, "SERVER"],
    [503, "OVERLOADED"],
    [529, "OVERLOADED"],
  ])("X81 a bare %d is %s", (status, code) => {
    expect(codec.decodeError(status, "", undefined).code).toBe(code);
  });

  test.each([
    ["prompt is too long: 250000 tokens > 200000 maximum", "CONTEXT_WINDOW_EXCEEDED"],
    ["input length and `max_tokens` exceed context limit: 1 + 2 > 3", "CONTEXT_WINDOW_EXCEEDED"],
    ["Output blocked by content filtering policy", "CONTENT_POLICY"],
    ["Your credit balance is too low to access the API", "QUOTA_EXCEEDED"],
    ["messages: text content blocks must be non-empty", "BAD_REQUEST"],
  ])("X87 %s", (message, code) => {
    expect(codec.decodeError(400, body("invalid_request_error", message), undefined).code).toBe(code);
    expect(codec.decodeError(429, body("rate_limit_error", message), undefined).code).toBe("RATE_LIMITED");
  });

  test("a missing model is told from another missing thing; details name the code", () => {
    expect(codec.decodeError(404, body("not_found_error", "model: claude-nope"), undefined).code).toBe("MODEL_NOT_FOUND");
    const detailed = {
      type: "error",
      error: { type: "invalid_request_error", message: "m", details: { error_code: "compaction_signature_invalid" } },
    };
    expect(codec.decodeError(400, detailed, undefined).providerCode).toBe("compaction_signature_invalid");
  });

  test.each([
    undefined,
    null,
    "",
    [],
    7,
    {},
    { error: null },
    { error: [] },
    { error: { type: 5, message: {} } },
    "<html>Bad gateway</html>",
  ])("X80 body %j gives a message", (odd) => {
    expect(codec.decodeError(502, odd, undefined)).toMatchObject({ code: "SERVER", message: "the provider answered with status 502" });
  });

  test("X80 text, and an error that is text", () => {
    expect(codec.decodeError(500, " boom ", undefined).message).toBe("boom");
    expect(codec.decodeError(500, { error: "boom" }, undefined).message).toBe("boom");
    expect(codec.decodeError(500, "x".repeat(5000), undefined).message).toHaveLength(2000);
  });

  test("X82 waiting times: milliseconds, seconds, a date against the answer's own", () => {
    const wait = (headers: Record<string, string>) => codec.decodeError(429, {}, new Headers(headers)).retryAfter;
    expect(wait({ "retry-after-ms": "250", "retry-after": "9" })).toBe(250);
    expect(wait({ "retry-after": "1.5" })).toBe(1500);
    expect(wait({ "retry-after": "Fri, 20 Nov 2026 10:00:09 GMT", date: "Fri, 20 Nov 2026 10:00:00 GMT" })).toBe(9000);
    expect(wait({ "retry-after": "soon" })).toBeUndefined();
    expect(wait({})).toBeUndefined();
  });

  test("X83 without a word on waiting, until the last spent limit is reset", () => {
    const headers = {
      date: "Fri, 20 Nov 2026 10:00:00 GMT",
      "anthropic-ratelimit-requests-remaining": "3",
      "anthropic-ratelimit-requests-reset": "2026-11-20T11:00:00Z",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-11-20T10:00:07Z",
      "anthropic-ratelimit-output-tokens-remaining": "0",
      "anthropic-ratelimit-output-tokens-reset": "2026-11-20T10:00:04Z",
    };
    const wait = (status: number, more: Record<string, string> = {}) =>
      codec.decodeError(status, {}, new Headers({ ...headers, ...more })).retryAfter;
    expect(wait(429)).toBe(7000);
    expect(wait(429, { "retry-after": "1" })).toBe(1000);
    expect(wait(429, { "anthropic-ratelimit-input-tokens-reset": "later" })).toBe(4000);
    expect(wait(500)).toBeUndefined();
  });

  test("headers: the request's id, and whether to retry", () => {
    const error = codec.decodeError(500, body("api_error"), new Headers({ "request-id": "req_h", "x-should-retry": "false" }));
    expect(error).toMatchObject({ requestId: "req_h", retryable: false });
  });

  test("X88 keys are not repeated", () => {
    const secret = "abcdefghij".repeat(2);
    const { message } = codec.decodeError(401, body("authentication_error", `invalid key ${["sk", "ant", secret].join("-")}`), undefined);
    expect(message).toContain("invalid key");
    expect(message).not.toContain(secret);
  });
});

describe("encodeError", () => {
  test.each(Object.keys(ERROR_CODES) as ErrorCode[])("%s has a type of this wire and comes back as its kind", (code) => {
    const { status, body: encoded } = codec.encodeError(new CrosspointError(code, "No."));
    expect(encoded).toMatchObject({
      type: "error",
      error: { type: expect.stringMatching(/^[a-z_]+$/) as string, message: expect.stringContaining("No.") as string },
    });
    const back = codec.decodeError(status, encoded, undefined);
    expect(ERROR_CODES[back.code].status >= 500).toBe(ERROR_CODES[code].status >= 500);
  });

  test.each([
    ["OVERLOADED", 529, "overloaded_error"],
    ["BAD_REQUEST", 400, "invalid_request_error"],
    ["UNPROCESSABLE", 422, "invalid_request_error"],
    ["BAD_RESPONSE", 502, "api_error"],
    ["TIMEOUT", 504, "timeout_error"],
    ["MODEL_NOT_FOUND", 404, "not_found_error"],
  ] as const)("%s is %d %s", (code, status, type) => {
    expect(codec.encodeError(new CrosspointError(code, "m"))).toMatchObject({ status, body: { error: { type } } });
  });

  test("a full context is said in this wire's words; headers carry id and wait", () => {
    expect(codec.encodeError(new CrosspointError("CONTEXT_WINDOW_EXCEEDED", "full")).body).toMatchObject({
      error: { message: "prompt is too long: full" },
    });
    const { headers, body: encoded } = codec.encodeError(new CrosspointError("RATE_LIMITED", "m", { requestId: "r", retryAfter: 1500 }));
    expect(headers).toEqual({ "request-id": "r", "retry-after": "2", "x-should-retry": "false" });
    expect(encoded["request_id"]).toBe("r");
  });
});
