import { decodeGeminiEmbedRequest, encodeGeminiEmbeddings } from "../codecs/embeddings/gemini.ts";
import { decodeOpenAIEmbedRequest, encodeOpenAIEmbeddings } from "../codecs/embeddings/openai.ts";
import type { EmbedRequest } from "../codecs/embeddings/embedding.ts";
import type { EmbedResponse } from "../pipeline/embed.ts";
import { liftAttribution } from "./attribution.ts";
import type { Endpoints } from "./endpoints.ts";
import { jsonResponse, readJson, requestIdHeaders, type Incoming } from "./http.ts";
import type { Route } from "./routes.ts";

/** Answers a client that asks for embeddings. */
export async function answerEmbed(route: Extract<Route, { kind: "embed" }>, incoming: Incoming, endpoints: Endpoints): Promise<Response> {
  const body = await readJson(incoming, endpoints.maxBodyBytes);
  if (route.wire === "openai") {
    const { request, base64 } = decodeOpenAIEmbedRequest(body);
    const response = await ask(request, incoming, endpoints);
    const callId = endpoints.newId("call");
    const answer = encodeOpenAIEmbeddings(response, request.model, base64);
    return jsonResponse({ ...answer, crosspoint: extension(response, callId) }, 200, {
      ...headersOf(response),
      ...requestIdHeaders(callId),
    });
  }
  const response = await ask(decodeGeminiEmbedRequest(body, route.model, route.batch), incoming, endpoints);
  return jsonResponse(encodeGeminiEmbeddings(response, route.batch), 200, headersOf(response));
}

function ask(request: EmbedRequest, { headers, signal }: Incoming, { crosspoint, forward }: Endpoints): Promise<EmbedResponse> {
  const { user, ...rest } = request;
  const { attribution } = liftAttribution({ model: "", messages: [], ...(user === undefined ? undefined : { user }) }, headers, []);
  return crosspoint.embed({
    ...rest,
    ...(user !== undefined && forward.includes("user") ? { user } : undefined),
    ...(attribution === undefined ? undefined : { attribution }),
    ...(signal === undefined ? undefined : { signal }),
  });
}

/** The `crosspoint` field of the body, as in an answer that was generated. */
function extension({ provider, deployment, model, attempts, cost }: EmbedResponse, callId: string): object {
  const bill = cost && { cost: cost.total, costItems: cost.items };
  return { callId, provider, deployment, model, attempts: attempts.length, ...bill };
}

function headersOf({ provider, deployment, cost }: EmbedResponse): Record<string, string> {
  return {
    "x-crosspoint-provider": provider,
    "x-crosspoint-deployment": deployment,
    ...(cost === undefined ? undefined : { "x-crosspoint-cost": String(cost.total) }),
  };
}
