import { decodeGeminiEmbedRequest, encodeGeminiEmbeddings } from "../codecs/embeddings/gemini.ts";
import { decodeOpenAIEmbedRequest, encodeOpenAIEmbeddings } from "../codecs/embeddings/openai.ts";
import type { EmbedRequest } from "../codecs/embeddings/embedding.ts";
import type { EmbedResponse } from "../pipeline/embed.ts";
import { liftAttribution } from "./attribution.ts";
import type { Endpoints } from "./fetch.ts";
import { jsonResponse, readJson, type Incoming } from "./http.ts";
import type { Route } from "./routes.ts";

/** Answers a client that asks for embeddings. */
export async function answerEmbed(route: Extract<Route, { kind: "embed" }>, incoming: Incoming, endpoints: Endpoints): Promise<Response> {
  const body = await readJson(incoming, endpoints.maxBodyBytes);
  if (route.wire === "openai") {
    const { request, base64 } = decodeOpenAIEmbedRequest(body);
    const response = await ask(request, incoming, endpoints);
    return jsonResponse(encodeOpenAIEmbeddings(response, request.model, base64), 200, headersOf(response));
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

function headersOf({ provider, deployment, cost }: EmbedResponse): Record<string, string> {
  return {
    "x-crosspoint-provider": provider,
    "x-crosspoint-deployment": deployment,
    ...(cost === undefined ? undefined : { "x-crosspoint-cost": String(cost.total) }),
  };
}
