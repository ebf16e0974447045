import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import { CrosspointError, ERROR_CODES, type ErrorCode } from "../../../src/ir/error.ts";

const read = (status: number, body: unknown, headers?: Record<string, string>) =>
  openaiChat.decodeError(status, body, new Headers(headers));
const openai = (message: string, type: string | null, code: unknown) => ({ error: { message, type, param: null, code } });

describe("decodeError", () => {
  test.for([
    [
      400,
      openai("This model's maximum context length is 8192 tokens.", "invalid_request_error", "context_length_exceeded"),
      "CONTEXT_WINDOW_EXCEEDED",
    ],
    [400, { error: "the request exceeds the available context size" }, "CONTEXT_WINDOW_EXCEEDED"],
    [400, { object: "error", message: "This model's maximum context length is 4096 tokens", code: 400 }, "CONTEXT_WINDOW_EXCEEDED"],
    [400, openai("x", "invalid_request_error", "content_policy_violation"), "CONTENT_POLICY"],
    [
      400,
      openai("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", null, "content_filter"),
      "CONTENT_POLICY",
    ],
    [429, openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota"), "QUOTA_EXCEEDED"],
    [429, openai("Rate limit reached", "tokens", "rate_limit_exceeded"), "RATE_LIMITED"],
    [402, openai("Insufficient Balance", "unknown_error", "invalid_request_error"), "QUOTA_EXCEEDED"],
    [401, openai("Incorrect API key provided", "invalid_request_error", "invalid_api_key"), "AUTHENTICATION"],
    [403, { message: "no" }, "PERMISSION_DENIED"],
    [404, openai("The model `x` does not exist", "invalid_request_error", "model_not_found"), "MODEL_NOT_FOUND"],
    [404, { detail: "Not Found" }, "NOT_FOUND"],
    [404, { detail: "no such model" }, "MODEL_NOT_FOUND"],
    [422, { detail: [{ loc: ["body"], msg: "field required" }] }, "UNPROCESSABLE"],
    [498, openai("flex capacity", null, "capacity_exceeded"), "OVERLOADED"],
    [500, "", "SERVER"],
    [503, "<html><head><title>503 Backend fetch failed</title></head></html>", "OVERLOADED"],
    [529, {}, "OVERLOADED"],
    [400, [{ error: { code: 400, message: "bad", status: "INVALID_ARGUMENT" } }], "BAD_REQUEST"],
    [418, null, "BAD_REQUEST"],
  ] as const)("X80 X81 X87 status %i %j is %s", ([status, body, code]) => {
    expect(read(status, body)).toMatchObject({ code, status, retryable: ERROR_CODES[code].retryable });
  });

  test("X84 an exhausted quota is not retried", () => {
    expect(read(429, openai("x", "insufficient_quota", "insufficient_quota"))).toMatchObject({ status: 429, retryable: false });
  });

  test("status and code come before text: an echoed prompt does not misclassify", () => {
    expect(read(429, openai("Rate limit: prompt is too long was your prompt", "requests", "rate_limit_exceeded")).code).toBe(
      "RATE_LIMITED",
    );
    expect(read(401, openai("maximum context length", null, null)).code).toBe("AUTHENTICATION");
  });

  test("the message is the provider's own, cut, and without secrets", () => {
    expect(read(400, openai("Bad thing", "t", "c"))).toMatchObject({ message: "Bad thing", providerCode: "c" });
    expect(read(400, openai("x".repeat(5000), null, null)).message).toHaveLength(2000);
    expect(read(401, openai("Incorrect API key: sk-abcdefghijklmnop", null, null)).message).not.toContain("abcdefghijklmnop");
    expect(read(502, { error: { message: "Provider returned error", code: 502, metadata: { raw: "upstream said no" } } }).message).toBe(
      "Provider returned error: upstream said no",
    );
    expect(read(503, "<html><title>Down</title>").message).toBe("Down");
    expect(read(500, undefined).message).toContain("500");
    expect(read(422, { detail: [{ msg: "a" }, { msg: "b" }] }).message).toBe("a; b");
    expect(read(400, { error: { message: "m", param: "tools[0]" } }).param).toBe("tools[0]");
  });

  test("X82 X83 how long to wait", () => {
    const wait = (headers: Record<string, string>, body: unknown = {}) => read(429, body, headers).retryAfter;
    expect(wait({ "retry-after-ms": "1500", "retry-after": "9" })).toBe(1500);
    expect(wait({ "retry-after": "2.5" })).toBe(2500);
    expect(wait({ "retry-after": new Date(Date.now() + 60_000).toUTCString() })).toBeGreaterThan(50_000);
    expect(wait({}, [{ error: { message: "x", details: [{ retryDelay: "17s" }] } }])).toBe(17_000);
    expect(wait({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-reset-requests": "12ms" })).toBe(
      360_000,
    );
    expect(wait({ "retry-after": "soon" })).toBeUndefined();
  });

  test("the request id", () => {
    expect(read(500, {}, { "x-request-id": "req_1" }).requestId).toBe("req_1");
    expect(read(500, {}).requestId).toBeUndefined();
  });
});

describe("encodeError", () => {
  test.for(Object.keys(ERROR_CODES) as ErrorCode[])("%s has all four fields and is not retried by the client", (code) => {
    const { status, body, headers } = openaiChat.encodeError(new CrosspointError(code, "m", { retryAfter: 1200 }));
    expect(status).toBeGreaterThanOrEqual(400);
    // LangChain and others know an overflow by words in the message.
    const message = code === "CONTEXT_WINDOW_EXCEEDED" ? "m (context_length_exceeded)" : "m";
    expect(body).toEqual({ error: { message, type: expect.any(String), param: null, code: expect.any(String) } });
    expect(headers).toEqual({ "x-should-retry": "false", "retry-after-ms": "1200", "retry-after": "2" });
    if (
      code !== "ABORTED" &&
      code in { CONTEXT_WINDOW_EXCEEDED: 1, CONTENT_POLICY: 1, QUOTA_EXCEEDED: 1, RATE_LIMITED: 1, MODEL_NOT_FOUND: 1 }
    ) {
      expect(openaiChat.decodeError(status, body, undefined).code).toBe(code);
    }
  });
});
