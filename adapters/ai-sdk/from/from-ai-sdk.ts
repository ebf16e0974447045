import {
  makeUsage,
  type FinishReason,
  type JSONObject,
  type ModelCallOptions,
  type ModelProvider,
  type ModelRequest,
  type StreamEvent,
  type Usage,
  type Warning,
} from "crosspoint";
import { isObject } from "../part-state.ts";
import { originOf, type AISDKModel, type Origin } from "./model.ts";
import { createPartReader } from "./read-parts.ts";
import { readError } from "./read-error.ts";
import { writeCall } from "./write-call.ts";

/**
 * A model of the AI SDK, or a provider of it (any function from a model's name to a model), as a provider of the layer: with
 * `providers: { mine: fromAISDK(openai) }`, `mine/gpt-5` goes through routing, fallbacks, cost and attribution like any other. Errors that the
 * model calls retryable are retried by the layer. `options` override what is told by the model's `provider`.
 */
export function fromAISDK(model: AISDKModel | ((modelId: string) => AISDKModel), options: Partial<Origin> = {}): ModelProvider {
  const get = isModel(model) ? () => model : model;
  const origin = { ...originOf(isModel(model) ? model.provider : providerOf(model)), ...options };
  return {
    call: (request, options) => answer(get(options.model), origin, request, options),
    label: origin.family,
    family: origin.family,
    codec: origin.codec,
  };
}

function isModel(model: AISDKModel | ((modelId: string) => AISDKModel)): model is AISDKModel {
  return typeof (model as Partial<AISDKModel>).doGenerate === "function";
}

/** A provider shows what it is only on its models, whatever their names. */
function providerOf(get: (modelId: string) => AISDKModel): string {
  try {
    return get("probe").provider;
  } catch {
    return "ai-sdk";
  }
}

async function* answer(
  model: AISDKModel,
  origin: Origin,
  request: ModelRequest,
  options: ModelCallOptions,
): AsyncGenerator<readonly StreamEvent[]> {
  const warnings: Warning[] = [];
  const call = writeCall(request, model, origin, options, warnings) as never;
  const reader = createPartReader(origin, options.model);
  if (!options.stream) {
    const result = (await attempt(model.doGenerate(call))) as JSONObject;
    const out: StreamEvent[] = [startOf(isObject(result["response"]) ? result["response"] : {}, model)];
    for (const part of listOf(result["content"])) reader.read(part, out);
    warnings.push(...listOf(result["warnings"]).map(readWarning));
    out.push(endOf(result, warnings));
    yield out;
    return;
  }
  const { stream } = await attempt(model.doStream(call));
  const parts = stream.getReader();
  let started = false;
  try {
    for (;;) {
      const { value, done } = await attempt(parts.read(), "STREAM_INTERRUPTED");
      if (done) return;
      if (!isObject(value)) continue;
      const out: StreamEvent[] = [];
      const begin = (fields: JSONObject): void => {
        if (!started) out.push(startOf(fields, model));
        started = true;
      };
      switch (value["type"]) {
        case "stream-start":
          warnings.push(...listOf(value["warnings"]).map(readWarning));
          break;
        case "response-metadata":
          begin(value);
          break;
        case "error":
          throw readError(value["error"], "SERVER");
        case "finish":
          begin({});
          reader.end(out);
          out.push(endOf(value, warnings));
          break;
        case "raw":
        case "ping":
          break;
        default:
          begin({});
          reader.read(value, out);
      }
      if (out.length > 0) yield out;
      if (value["type"] === "finish") return;
    }
  } finally {
    parts.cancel().catch(() => {}); // the answer is complete, or its reader left
  }
}

async function attempt<T>(promise: PromiseLike<T>, otherwise: "CONNECTION" | "STREAM_INTERRUPTED" = "CONNECTION"): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw readError(error, otherwise);
  }
}

function listOf(value: unknown): JSONObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function startOf({ id, modelId, timestamp }: JSONObject, model: AISDKModel): StreamEvent {
  const created: unknown = timestamp;
  return {
    type: "response-start",
    model: typeof modelId === "string" ? modelId : model.modelId,
    ...(typeof id === "string" ? { id } : undefined),
    ...(created instanceof Date ? { created: Math.floor(created.getTime() / 1000) } : undefined),
  };
}

function endOf({ finishReason, usage, providerMetadata }: JSONObject, warnings: readonly Warning[]): StreamEvent {
  return {
    type: "response-end",
    finishReason: readFinishReason(finishReason),
    usage: readUsage(usage, providerMetadata),
    ...(isObject(providerMetadata) ? { providerMetadata: providerMetadata as Record<string, JSONObject> } : undefined),
    ...(warnings.length === 0 ? undefined : { warnings }),
  };
}

const REASONS: readonly unknown[] = ["stop", "length", "tool-calls", "content-filter", "error", "other"];

/** V2 has a bare word, later versions an object. */
function readFinishReason(value: unknown): FinishReason {
  const { unified, raw } = isObject(value) ? value : { unified: value, raw: undefined };
  return {
    unified: REASONS.includes(unified) ? (unified as FinishReason["unified"]) : "other",
    ...(typeof raw === "string" ? { raw } : undefined),
  };
}

/** V2 has flat counts, later versions buckets. */
function readUsage(value: unknown, metadata: unknown): Usage {
  const usage = isObject(value) ? value : {};
  const { inputTokens: input, outputTokens: output } = usage;
  const count = (counts: unknown, key: string): Record<string, number> | undefined => {
    const found = isObject(counts) ? counts[key] : undefined;
    return typeof found === "number" ? { [{ noCache: "uncached" }[key] ?? key]: found } : undefined;
  };
  const gateway = isObject(metadata) && isObject(metadata["gateway"]) ? Number(metadata["gateway"]["cost"]) : NaN;
  const shared = {
    ...(Number.isFinite(gateway) ? { reportedCost: gateway } : undefined),
    ...(isObject(usage["raw"]) ? { raw: usage["raw"] } : undefined),
  };
  if (typeof input === "number" || typeof output === "number") {
    const { cachedInputTokens: cached, reasoningTokens: reasoning } = usage;
    return makeUsage({
      input: { ...(typeof input === "number" && { total: input }), ...(typeof cached === "number" && { cacheRead: cached }) },
      output: { ...(typeof output === "number" && { total: output }), ...(typeof reasoning === "number" && { reasoning }) },
      ...shared,
    });
  }
  return makeUsage({
    input: { ...count(input, "total"), ...count(input, "noCache"), ...count(input, "cacheRead"), ...count(input, "cacheWrite") },
    output: { ...count(output, "total"), ...count(output, "text"), ...count(output, "reasoning") },
    ...shared,
  });
}

function readWarning(warning: JSONObject): Warning {
  const { type, feature, setting, details, message } = warning;
  const name = typeof feature === "string" ? feature : typeof setting === "string" ? setting : "model";
  const text = typeof details === "string" ? details : message;
  return {
    type: type === "compatibility" ? type : typeof type === "string" && type.startsWith("unsupported") ? "unsupported" : "other",
    feature: name,
    ...(typeof text === "string" ? { details: text } : undefined),
  };
}
