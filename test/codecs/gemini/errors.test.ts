import { describe, expect, test } from "vitest";
import fc from "../../support/fast-check.ts";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { CrosspointError, ERROR_CODES, type ErrorCode } from "../../../src/ir/error.ts";

const info = (reason: string): unknown[] => [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason }];

describe("a provider's errors", () => {
  test.each<[number, string | undefined, string, unknown[] | undefined, ErrorCode]>([
    [400, "INVALID_ARGUMENT", 'Unknown name "x"', undefined, "BAD_REQUEST"],
    [400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", info("API_KEY_INVALID"), "AUTHENTICATION"],
    [
      400,
      "INVALID_ARGUMENT",
      "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).",
      undefined,
      "CONTEXT_WINDOW_EXCEEDED",
    ],
    [400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes.", undefined, "TOO_LARGE"],
    [400, "FAILED_PRECONDITION", "User location is not supported for the API use.", undefined, "PERMISSION_DENIED"],
    [400, "FAILED_PRECONDITION", "Please enable billing on project 1.", undefined, "QUOTA_EXCEEDED"],
    [400, "INVALID_ARGUMENT", "The prompt might violate Google's Responsible AI practices.", undefined, "CONTENT_POLICY"],
    [401, "UNAUTHENTICATED", "no", undefined, "AUTHENTICATION"],
    [403, "PERMISSION_DENIED", "no", undefined, "PERMISSION_DENIED"],
    [403, "PERMISSION_DENIED", "This API method requires billing to be enabled", info("BILLING_DISABLED"), "QUOTA_EXCEEDED"],
    [404, "NOT_FOUND", "models/x is not found for API version v1beta", undefined, "MODEL_NOT_FOUND"],
    [404, "NOT_FOUND", "CachedContent not found", undefined, "NOT_FOUND"],
    [429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", undefined, "RATE_LIMITED"],
    [
      429,
      "RESOURCE_EXHAUSTED",
      "x",
      [{ violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }] }],
      "QUOTA_EXCEEDED",
    ],
    [429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.", undefined, "QUOTA_EXCEEDED"],
    [499, "CANCELLED", "x", undefined, "SERVER"],
    [500, "INTERNAL", "x", undefined, "SERVER"],
    [503, "UNAVAILABLE", "The model is overloaded.", undefined, "OVERLOADED"],
    [504, "DEADLINE_EXCEEDED", "x", undefined, "TIMEOUT"],
    [413, undefined, "x", undefined, "TOO_LARGE"],
    [418, undefined, "x", undefined, "BAD_REQUEST"],
    [599, undefined, "x", undefined, "SERVER"],
    [529, undefined, "x", undefined, "OVERLOADED"],
    [529, "INTERNAL", "x", undefined, "OVERLOADED"],
  ])("X80 X81 X87 %i %s %j", (status, word, message, details, code) => {
    const error = gemini.decodeError(status, { error: { code: status, message, status: word, details } }, undefined);
    // A wrong key is a 401 to every client, whatever it came with.
    expect(error).toMatchObject({
      code,
      status: code === "AUTHENTICATION" ? 401 : status,
      message,
      retryable: ERROR_CODES[code].retryable,
    });
    expect(error.providerCode).toBe(word ?? String(status));
  });

  test("X83 the wait from the body, the header before it, the field at fault, the request's id", () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" },
      { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field: "contents[0]", description: "no" }] },
    ];
    const body = { error: { code: 429, message: "x", status: "RESOURCE_EXHAUSTED", details } };
    expect(gemini.decodeError(429, body, undefined)).toMatchObject({ retryAfter: 34_070, param: "contents[0]" });
    expect(gemini.decodeError(429, body, new Headers({ "retry-after": "2", "x-request-id": "q" }))).toMatchObject({
      retryAfter: 2000,
      requestId: "q",
    });
    expect(gemini.decodeError(429, body, new Headers({ "retry-after": "2", "retry-after-ms": "15" }))).toMatchObject({ retryAfter: 15 });
  });

  test.each([
    ["<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>", "502 Bad Gateway nginx"],
    ["upstream connect error", "upstream connect error"],
    ["", "the provider answered with status 502"],
    [undefined, "the provider answered with status 502"],
    [[], "the provider answered with status 502"],
    [{ error: "plain" }, "plain"],
    [[{ error: { message: "in a list", code: 502 } }], "in a list"],
    [{ message: "bare" }, "bare"],
    [{ error: { code: "x1", message: 5 } }, "the provider answered with status 502"],
  ])("X80 an unknown body %j", (body, message) => {
    expect(gemini.decodeError(502, body, undefined)).toMatchObject({ code: "OVERLOADED", status: 502, message });
  });

  test("X88 messages are cut and carry no keys", () => {
    const { message } = gemini.decodeError(400, { error: { message: `key AIza${"x".repeat(35)} ${"y".repeat(5000)}` } }, undefined);
    expect(message.length).toBeLessThan(2100);
    expect(message).not.toContain("AIzax");
  });

  test("any body gives an error", () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.jsonValue(), fc.record({ error: fc.jsonValue() })), (status, body) => {
        const error = gemini.decodeError(status, body, undefined);
        expect(CrosspointError.is(error)).toBe(true);
        expect(error.message).not.toBe("");
        expect(error.status).toBeGreaterThanOrEqual(400);
      }),
    );
  });
});

describe("errors towards a client", () => {
  test.each(Object.keys(ERROR_CODES) as ErrorCode[])("%s keeps its status and retry class", (code) => {
    const { status, body } = gemini.encodeError(new CrosspointError(code, "why"));
    expect(status).toBe(ERROR_CODES[code].status);
    expect(body).toMatchObject({ error: { code: status, message: "why", status: expect.stringMatching(/^[A-Z_]+$/) as string } });
    const back = gemini.decodeError(status, body, undefined);
    expect(back.retryable || code === "BUDGET_EXCEEDED" || code === "QUOTA_EXCEEDED" || code === "ABORTED").toBe(
      ERROR_CODES[code].retryable || code === "BUDGET_EXCEEDED" || code === "QUOTA_EXCEEDED" || code === "ABORTED",
    );
  });

  test("the wait goes into the body and the header", () => {
    const { body, headers } = gemini.encodeError(new CrosspointError("RATE_LIMITED", "x", { retryAfter: 1500, param: "p" }));
    expect(headers).toEqual({ "retry-after": "2" });
    expect(gemini.decodeError(429, body, undefined)).toMatchObject({ retryAfter: 1500, param: "p", code: "RATE_LIMITED" });
  });
});
