import { CrosspointError } from "../ir/error.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ModelInfo } from "../router/list-models.ts";
import type { Endpoints } from "./endpoints.ts";
import { jsonResponse, type Incoming } from "./http.ts";
import type { Route } from "./routes.ts";

/** Lists the models in the form of the client that asks: Google's by the URL, Anthropic's by its version header, else OpenAI's. */
export function answerModels(route: Extract<Route, { kind: "models" }>, { headers }: Incoming, { crosspoint }: Endpoints): Response {
  const form = route.wire === "gemini" ? geminiForm : headers.has("anthropic-version") ? anthropicForm : openaiForm;
  const models = crosspoint.models();
  if (route.id === undefined) return jsonResponse(form.list(models.map(form.one)));
  const model = models.find(({ id }) => id === route.id);
  if (model === undefined) throw new CrosspointError("MODEL_NOT_FOUND", `there is no model "${route.id}" here`, { param: "model" });
  return jsonResponse(form.one(model));
}

interface Form {
  readonly one: (model: ModelInfo) => JSONObject;
  readonly list: (models: readonly JSONObject[]) => JSONObject;
}

const openaiForm: Form = {
  one: ({ id, provider }) => ({ id, object: "model", created: 0, owned_by: provider ?? "crosspoint" }),
  list: (data) => ({ object: "list", data }),
};

const anthropicForm: Form = {
  one: ({ id }) => ({ type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" }),
  list: (data) => ({ data, has_more: false, first_id: data[0]?.["id"] ?? null, last_id: data.at(-1)?.["id"] ?? null }),
};

const geminiForm: Form = {
  one: ({ id, contextWindow, maxOutput }) => ({
    name: `models/${id}`,
    displayName: id,
    supportedGenerationMethods: ["generateContent", "countTokens"],
    ...(contextWindow === undefined ? undefined : { inputTokenLimit: contextWindow }),
    ...(maxOutput === undefined ? undefined : { outputTokenLimit: maxOutput }),
  }),
  list: (models) => ({ models }),
};
