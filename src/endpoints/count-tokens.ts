import { clientCodec } from "../codecs/load.ts";
import type { CodecId } from "../ir/target.ts";
import { estimateTokens } from "../models/estimate.ts";
import type { Endpoints } from "./endpoints.ts";
import { jsonResponse, readJson, type Incoming } from "./http.ts";
import { resolveInput } from "./kept-responses.ts";
import type { Route } from "./routes.ts";

interface Form {
  /** The request to count, from the body of this wire; it must be one that the wire takes. */
  readonly asked: (body: Readonly<Record<string, unknown>> | null) => unknown;
  readonly answer: (tokens: number) => object;
}

const FORMS: Partial<Record<CodecId, Form>> = {
  gemini: { asked: (body) => body?.["generateContentRequest"] ?? body, answer: (totalTokens) => ({ totalTokens }) },
  "anthropic-messages": { asked: (body) => ({ max_tokens: 1, ...body }), answer: (tokens) => ({ input_tokens: tokens }) },
  "openai-responses": {
    asked: (body) => ({ ...body, model: body?.["model"] ?? "any", input: body?.["input"] ?? [] }),
    answer: (tokens) => ({ object: "response.input_tokens", input_tokens: tokens }),
  },
};

/** Answers a client that asks how long its request is, with an estimate; the header `x-crosspoint-estimated` says so. */
export async function answerCountTokens(
  route: Extract<Route, { kind: "count-tokens" }>,
  incoming: Incoming,
  endpoints: Endpoints,
): Promise<Response> {
  const form = FORMS[route.codec]!;
  const asked = form.asked((await readJson(incoming, endpoints.maxBodyBytes)) as Record<string, unknown> | null);
  const { body } = route.codec === "openai-responses" ? resolveInput(asked, endpoints.responses) : { body: asked };
  const { request } = (await clientCodec(route.codec)).decodeRequest(body, { ...route, stream: false, headers: incoming.headers });
  return jsonResponse(form.answer(estimateTokens(request)), 200, { "x-crosspoint-estimated": "true" });
}
