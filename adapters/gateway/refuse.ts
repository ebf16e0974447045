import type { ServerResponse } from "node:http";
import { CrosspointError, type CodecId } from "crosspoint";

/** Answers with an error in the words of the client's own wire. */
export async function refuse(response: ServerResponse, error: CrosspointError, headers: Headers, url: URL): Promise<void> {
  const { codecs } = await import("crosspoint/codecs");
  const { status, body, headers: own } = codecs[wireOf(headers, url)].encodeError(error);
  response.writeHead(status, {
    "content-type": "application/json",
    "x-should-retry": "false",
    "x-crosspoint-error": error.code,
    // What is left of the body is not waited for.
    connection: "close",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : undefined),
    ...own,
  });
  response.end(JSON.stringify(body));
}

/** The wire that a URL and headers suggest. */
function wireOf(headers: Headers, { pathname }: URL): CodecId {
  if (headers.has("anthropic-version") || /\/messages(\/|$)/.test(pathname)) return "anthropic-messages";
  if (/^\/v1(beta|alpha)\//.test(pathname) || headers.has("x-goog-api-key")) return "gemini";
  return /\/responses(\/|$)/.test(pathname) ? "openai-responses" : "openai-chat";
}
