import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { ModelRequest, Reasoning } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import { toOpenApi, withoutConst } from "./schema.ts";
import { field } from "./wire.ts";

/** IR settings and their names in `generationConfig`. */
const NAMES = {
  temperature: "temperature",
  topP: "topP",
  topK: "topK",
  maxOutputTokens: "maxOutputTokens",
  frequencyPenalty: "frequencyPenalty",
  presencePenalty: "presencePenalty",
  seed: "seed",
  n: "candidateCount",
  stop: "stopSequences",
  logprobs: "responseLogprobs",
  topLogprobs: "logprobs",
} as const satisfies Partial<Record<keyof ModelRequest, string>>;

export type Setting = keyof typeof NAMES;
export const SETTINGS = Object.entries(NAMES) as readonly (readonly [Setting, string])[];

/** Settings that the wire has no field for. */
const MISSING = ["logitBias", "verbosity", "promptCacheKey", "cache", "user", "safetyIdentifier"] as const;

/** Gemini API: at most five stop sequences. */
const MAX_STOP = 5;

/** Everything of a request that is neither message nor tool; `given`: what the caller wrote into `generationConfig` itself. */
export function encodeSettings(request: ModelRequest, target: Target, given: JSONObject, warnings: Warning[]): JSONObject {
  const { quirks, traits } = target;
  const refused = quirks.unsupportedSettings;
  const config: Record<string, JSONValue | undefined> = {};
  const changed = (feature: string, details: string): void => void warnings.push({ type: "compatibility", feature, details });

  for (const [setting, name] of SETTINGS) {
    const value = request[setting];
    if (value === undefined) continue;
    if (
      refused?.includes(setting) === true ||
      (setting === "stop" && traits.stop === false) ||
      (setting.endsWith("Penalty") && traits.penalties === false)
    ) {
      reportUnsupported(target, warnings, setting, "the target refuses it");
    } else config[name] = value as JSONValue;
  }
  const { temperature } = config;
  if (quirks.maxTemperature !== undefined && typeof temperature === "number" && temperature > quirks.maxTemperature) {
    config.temperature = quirks.maxTemperature;
    changed("temperature", `cut to ${quirks.maxTemperature}`);
  }
  const most = quirks.maxStop ?? MAX_STOP;
  if (config.stopSequences !== undefined && request.stop!.length > most) {
    config.stopSequences = request.stop!.slice(0, most);
    changed("stop", `only the first ${most} stop sequences are sent`);
  }
  if (request.modalities !== undefined) config.responseModalities = request.modalities.map((each) => each.toUpperCase());
  for (const setting of MISSING) {
    if (request[setting] !== undefined) reportUnsupported(target, warnings, setting, "the wire has no field for it");
  }
  if (request.parallelToolCalls === false) reportUnsupported(target, warnings, "parallelToolCalls", "the wire has no field for it");

  const { output } = request;
  if (output?.type === "json" && quirks.noJsonSchema !== true) {
    config.responseMimeType = "application/json";
    if (output.schema !== undefined && given.responseSchema === undefined) {
      if (quirks.coreFieldsOnly === true) config.responseSchema = toOpenApi(output.schema);
      else config.responseJsonSchema = withoutConst(output.schema);
    }
  }
  const thinking = encodeThinking(request.reasoning, target, changed, warnings);

  const tier = request.serviceTier === "default" ? "standard" : request.serviceTier;
  const top: Record<string, JSONValue | undefined> = {};
  if (tier !== undefined && tier !== "auto") top.serviceTier = tier;
  if (request.metadata !== undefined) {
    if (quirks.vertex === true) top.labels = request.metadata;
    else reportUnsupported(target, warnings, "metadata", "only Vertex AI takes labels");
  }
  if (request.store !== undefined && quirks.vertex !== true) top.store = request.store;
  if (quirks.coreFieldsOnly === true) {
    for (const key of Object.keys(top)) {
      reportUnsupported(target, warnings, key, "the target takes core fields only");
      delete top[key];
    }
  }
  return { ...field("generationConfig", { ...config, ...field("thinkingConfig", thinking) }), ...top };
}

/** Shares of the output limit that an effort stands for, where a model counts its thinking in tokens. */
const SHARES: Readonly<Record<string, number>> = { minimal: 0.02, low: 0.1, medium: 0.3, high: 0.6, xhigh: 0.9, max: 0.95 };
const EFFORTS = ["minimal", "low", "medium", "high", "xhigh", "max"];

function encodeThinking(
  reasoning: Reasoning | undefined,
  target: Target,
  changed: (feature: string, details: string) => void,
  warnings: Warning[],
): JSONObject | undefined {
  if (reasoning === undefined || (target.traits.reasoning === false && reasoning.effort === "none")) return undefined;
  const { traits } = target;
  const { effort, budget, visibility } = reasoning;
  if (traits.reasoning === false) {
    reportUnsupported(target, warnings, "reasoning", "the model does not think");
    return undefined;
  }
  const off = effort === "none" || (effort === undefined && budget === 0);
  const shown = visibility === undefined ? (off ? undefined : true) : visibility !== "none";
  const kind = traits.thinking ?? (budget === undefined ? "effort" : "budget");
  const level =
    kind === "budget" && (traits.thinking !== undefined || effort === undefined) ? undefined : levelOf(reasoning, target, changed);
  const tokens = kind === "budget" ? budgetOf(reasoning, target, changed) : undefined;
  return {
    ...(level === undefined ? undefined : { thinkingLevel: level.toUpperCase() }),
    ...(tokens === undefined ? undefined : { thinkingBudget: tokens }),
    ...(shown === undefined ? undefined : { includeThoughts: shown }),
  };
}

/** The nearest level that the model has: the next lower one, else the next higher. Thinking cannot be turned off by a level. */
function levelOf(
  { effort, budget }: Reasoning,
  { traits }: Target,
  changed: (feature: string, details: string) => void,
): string | undefined {
  const wanted = effort ?? (typeof budget === "number" ? (budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high") : undefined);
  if (wanted === undefined) return undefined;
  const levels = EFFORTS.filter((each) => traits.efforts?.includes(each) ?? EFFORTS.indexOf(each) < 4);
  const place = EFFORTS.indexOf(wanted);
  const level = budget === 0 ? levels[0] : (levels.findLast((each) => EFFORTS.indexOf(each) <= place) ?? levels[0]);
  if (level !== undefined && level !== effort)
    changed(effort === undefined ? "reasoning.budget" : "reasoning.effort", `sent as the level "${level}"`);
  return level;
}

function budgetOf(
  { effort, budget }: Reasoning,
  { traits }: Target,
  changed: (feature: string, details: string) => void,
): number | undefined {
  if (budget === "dynamic") return -1;
  const share = effort === undefined ? undefined : SHARES[effort];
  const wanted =
    budget ?? (effort === "none" ? 0 : share === undefined ? undefined : Math.max(1024, Math.round((traits.maxOutput ?? 65_536) * share)));
  if (wanted === undefined || (wanted === 0 && traits.alwaysThinks !== true) || wanted < 0) return wanted;
  const tokens = Math.min(Math.max(wanted, traits.minBudget ?? 0), traits.maxBudget ?? Infinity);
  if (tokens !== wanted && (budget !== undefined || wanted === 0)) {
    changed(budget === undefined ? "reasoning.effort" : "reasoning.budget", `sent as ${tokens} tokens`);
  }
  return tokens;
}
