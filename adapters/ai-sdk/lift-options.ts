import type { JSONObject, JSONValue, Reasoning, ReasoningEffort } from "crosspoint";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { familyOf } from "./file-data.ts";
import { cacheHint, isObject } from "./part-state.ts";
import { snakeCase, snakeKeys } from "./tools.ts";

type Call = { -readonly [K in keyof CrosspointCallOptions]?: CrosspointCallOptions[K] };

interface Lifted {
  call: Call;
  strict?: boolean;
  rest: Record<string, JSONValue | undefined>;
}

type Lift = (value: JSONValue, lifted: Lifted) => boolean | void;

const EFFORTS: readonly unknown[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

function think(lifted: Lifted, more: Reasoning): void {
  lifted.call.reasoning = { ...lifted.call.reasoning, ...more };
}

const effort: Lift = (value, lifted) => (EFFORTS.includes(value) ? think(lifted, { effort: value as ReasoningEffort }) : false);

const copy =
  (key: "store" | "user" | "promptCacheKey" | "safetyIdentifier" | "serviceTier" | "parallelToolCalls" | "logitBias"): Lift =>
  (value, lifted) => {
    Object.assign(lifted.call, { [key]: value });
  };

/** Settings of the AI SDK's own providers that the layer has itself. A lift that returns false leaves the setting to the provider. */
const LIFTS: Readonly<Record<string, Lift>> = {
  reasoningEffort: effort,
  effort,
  reasoningSummary: (value, lifted) =>
    value === "auto" || value === "concise" || value === "detailed" ? think(lifted, { visibility: value }) : false,
  /** Anthropic. */
  thinking: (value, lifted) => {
    if (!isObject(value)) return false;
    const { type, budgetTokens } = value;
    if (type === "disabled") return think(lifted, { budget: 0 });
    if (type === "adaptive") return think(lifted, { budget: "dynamic" });
    return typeof budgetTokens === "number" ? think(lifted, { budget: budgetTokens }) : false;
  },
  /** Google. */
  thinkingConfig: (value, lifted) => {
    if (!isObject(value)) return false;
    const { thinkingBudget, thinkingLevel, includeThoughts } = value;
    if (typeof thinkingBudget === "number") think(lifted, { budget: thinkingBudget < 0 ? "dynamic" : thinkingBudget });
    if (EFFORTS.includes(thinkingLevel)) think(lifted, { effort: thinkingLevel as ReasoningEffort });
    if (typeof includeThoughts === "boolean") think(lifted, { visibility: includeThoughts ? "auto" : "none" });
  },
  textVerbosity: (value, lifted) => {
    if (value !== "low" && value !== "medium" && value !== "high") return false;
    lifted.call.verbosity = value;
  },
  disableParallelToolUse: (value, lifted) => {
    lifted.call.parallelToolCalls = value !== true;
  },
  logprobs: (value, lifted) => {
    lifted.call.logprobs = value !== false;
    if (typeof value === "number") lifted.call.topLogprobs = value;
  },
  strictJsonSchema: (value, lifted) => {
    lifted.strict = value === true;
  },
  metadata: (value, lifted) => {
    if (!isObject(value)) return false;
    if (typeof value["userId"] === "string") lifted.call.user = value["userId"];
    else lifted.call.metadata = value as Record<string, string>;
  },
  responseModalities: (value, lifted) => {
    if (!Array.isArray(value)) return false;
    lifted.call.modalities = value.map((each) => String(each).toLowerCase());
  },
  cacheControl: (value, lifted) => {
    if (isObject(value)) lifted.call.cache = cacheHint(value);
  },
  store: copy("store"),
  user: copy("user"),
  promptCacheKey: copy("promptCacheKey"),
  safetyIdentifier: copy("safetyIdentifier"),
  serviceTier: copy("serviceTier"),
  parallelToolCalls: copy("parallelToolCalls"),
  logitBias: copy("logitBias"),
  /** Ways of working of those providers that mean nothing here. */
  sendReasoning: () => {},
  structuredOutputs: () => {},
  structuredOutputMode: () => {},
  toolStreaming: () => {},
  forceReasoning: () => {},
  systemMessageMode: () => {},
};

/** The options of one provider of the AI SDK: what the layer has, and the rest in the words of that provider's wire. */
export function liftOptions(provider: string, options: JSONObject): Lifted {
  const lifted: Lifted = { call: {}, rest: {} };
  const asIs = familyOf(provider) === "google";
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (Object.hasOwn(LIFTS, key) && LIFTS[key]!(value, lifted) !== false) continue;
    lifted.rest[asIs ? key : snakeCase(key)] = (asIs ? value : snakeKeys(value)) as JSONValue;
  }
  return lifted;
}
