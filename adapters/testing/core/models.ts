import type { SimulatorOptions, Wire } from "../types.ts";
import type { JsonObject } from "./json.ts";

const DEFAULT_MODELS: Readonly<Record<"openai" | "anthropic" | "google", readonly string[]>> = {
  openai: ["gpt-4.1", "gpt-4.1-mini", "gpt-5", "gpt-5-mini", "o4-mini", "text-embedding-3-small"],
  anthropic: ["claude-opus-4-7", "claude-sonnet-4-6", "claude-haiku-4-5"],
  google: ["gemini-3-pro", "gemini-2.5-flash", "gemini-embedding-001"],
};

/** Whether the provider knows a model. */
export function knowsModel(models: SimulatorOptions["models"], model: string): boolean {
  if (typeof models === "function") return models(model);
  return models === undefined ? model !== "" && !model.startsWith("missing-") : models.includes(model);
}

function describe(wire: Wire, model: string): JsonObject {
  if (wire === "gemini") {
    const actions = model.includes("embedding") ? ["embedContent"] : ["generateContent", "countTokens"];
    return {
      name: `models/${model}`,
      version: "001",
      displayName: model,
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: actions,
    };
  }
  if (wire === "anthropic-messages") {
    return {
      type: "model",
      id: model,
      display_name: model,
      created_at: "2026-01-01T00:00:00Z",
      capabilities: null,
      deprecated_at: null,
      lifecycle: "active",
      line: null,
      max_input_tokens: 200_000,
      max_tokens: 64_000,
      retires_at: null,
    };
  }
  return { id: model, object: "model", created: 1_767_225_600, owned_by: "openai" };
}

export function answerModel(wire: Wire, model: string): JsonObject {
  return describe(wire, model);
}

/** The provider's list of models. */
export function answerModels(wire: Wire, models: SimulatorOptions["models"]): JsonObject {
  const family = wire === "gemini" ? "google" : wire === "anthropic-messages" ? "anthropic" : "openai";
  const names = Array.isArray(models) ? (models as readonly string[]) : DEFAULT_MODELS[family].filter((model) => knowsModel(models, model));
  const data = names.map((model) => describe(wire, model));
  if (wire === "gemini") return { models: data };
  if (wire === "anthropic-messages") return { data, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null };
  return { object: "list", data };
}
