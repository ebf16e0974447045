import { clientCodec } from "../codecs/load.ts";
import { estimateTokens } from "../models/estimate.ts";
import type { Endpoints } from "./fetch.ts";
import { jsonResponse, type Incoming } from "./http.ts";
import type { Route } from "./routes.ts";

/** Answers a client that asks how long its request is, with an estimate; the header `x-crosspoint-estimated` says so. */
export async function answerCountTokens(
  route: Extract<Route, { kind: "count-tokens" }>,
  incoming: Incoming,
  endpoints: Endpoints,
): Promise<Response> {
  const body = (await incoming.json(endpoints.maxBodyBytes)) as Record<string, unknown> | null;
  const asked = route.codec === "gemini" ? (body?.["generateContentRequest"] ?? body) : { max_tokens: 1, ...body };
  const { request } = (await clientCodec(route.codec)).decodeRequest(asked, { ...route, stream: false, headers: incoming.headers });
  const tokens = estimateTokens(request);
  return jsonResponse(route.codec === "gemini" ? { totalTokens: tokens } : { input_tokens: tokens }, 200, {
    "x-crosspoint-estimated": "true",
  });
}
