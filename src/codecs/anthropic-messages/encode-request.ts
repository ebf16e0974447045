import { reportUnsupported, type EncodedRequest } from "../codec.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import { encodeMessages, compact } from "./encode-messages.ts";
import { encodeCache, limitMarks, type Encoding } from "./encoding.ts";
import { sanitizeSchema } from "./schema.ts";
import { encodeThinking, thinks } from "./thinking.ts";
import { encodeTools } from "./tools.ts";
import { FAMILY, isObject, list, put, toText, VERSION, type Block, type Draft } from "./wire.ts";

/** The output limit where neither the request nor the model's traits tell one. */
const DEFAULT_MAX_TOKENS = 4096;

/** Settings that the wire has no field for; `false` and empty values ask for nothing. */
const ABSENT = [
  "frequencyPenalty",
  "presencePenalty",
  "seed",
  "logprobs",
  "topLogprobs",
  "logitBias",
  "verbosity",
  "promptCacheKey",
  "metadata",
  "store",
] as const satisfies readonly (keyof ModelRequest)[];

/** Opens fast mode, a price class that this wire sets by a field of its own. */
const FAST = "fast-mode-2026-02-01";

/** Fields that are still in beta, and the flag that opens them; what must stand in them for that. */
const BETAS: readonly (readonly [field: string, beta: string, holds?: RegExp])[] = [
  ["mcp_servers", "mcp-client-2025-04-04"],
  ["context_management", "context-management-2025-06-27"],
  ["context_management", "compact-2026-01-12", /"compact_20260112"/],
  ["fallbacks", "server-side-fallback-2026-06-01"],
  ["speed", FAST, /^"fast"$/],
  ["output_config", "task-budgets-2026-03-13", /"task_budget"/],
  ["container", "skills-2025-10-02", /"skills"/],
];

const SERVICE_TIERS: Readonly<Record<string, string>> = {
  auto: "auto",
  priority: "auto",
  standard_only: "standard_only",
  standard: "standard_only",
  default: "standard_only",
};

/** Provider options that travel as headers, under the headers' own names; `betas` is what the official client calls them. */
const HEADERS = new Set(["anthropic-version", "anthropic-beta", "betas"]);

/**
 * The version is 2023-06-01 unless the provider option `anthropic-version` names another one. Later versions have no sampling
 * parameters: with them temperature, top-p and top-k are dropped with a warning.
 */
export function encodeRequest(request: ModelRequest, target: Target, stream: boolean): EncodedRequest {
  const { traits, quirks } = target;
  const encoding: Encoding = { target, warnings: [], marks: [], betas: new Set() };
  const { warnings, betas } = encoding;
  const refused = quirks.unsupportedSettings;
  const unsupported = (feature: string, details = "the wire has no such field"): void =>
    reportUnsupported(target, warnings, feature, details);
  const changed = (feature: string, details: string): void => void warnings.push({ type: "compatibility", feature, details });
  /** A setting, unless this provider refuses it. */
  const setting = <K extends keyof ModelRequest>(key: K): ModelRequest[K] | undefined => {
    const value = request[key];
    if (value === undefined || !refused?.includes(key)) return value;
    unsupported(key, "the provider refuses it");
    return undefined;
  };
  const options = optionsFor(request.providerOptions, target) ?? {};
  const version = typeof options["anthropic-version"] === "string" && !quirks.coreFieldsOnly ? options["anthropic-version"] : VERSION;

  const body: Draft = { model: target.model, max_tokens: maxTokens() };
  encodeThinking(request, target, options, body, warnings);
  const thinking = traits.alwaysThinks === true || thinks(body["thinking"]);
  encodeTools(request, encoding, thinking, body);
  const { system, messages } = encodeMessages(request.messages, encoding);
  output(system);
  if (system.length > 0) body["system"] = compact(system);
  body["messages"] = messages as Draft[string];
  sampling();

  const given = setting("stop") ?? [];
  const stop = given.filter((each) => /\S/.test(each));
  if (stop.length < given.length) unsupported("stop", "a stop sequence of white space alone");
  if (stop.length > 0) {
    if (traits.stop === false) unsupported("stop", "the model takes no stop sequences");
    else {
      if (stop.length > (quirks.maxStop ?? Infinity)) changed("stop", `only the first ${quirks.maxStop} stop sequences were sent`);
      body["stop_sequences"] = stop.slice(0, quirks.maxStop);
    }
  }
  const user = request.user ?? request.safetyIdentifier;
  if (user !== undefined) body["metadata"] = { user_id: user };
  const tier = setting("serviceTier");
  if (tier !== undefined) {
    if (tier === "fast" && !quirks.coreFieldsOnly) {
      body["speed"] = tier;
      betas.add(FAST);
    } else if (Object.hasOwn(SERVICE_TIERS, tier) && !quirks.coreFieldsOnly) body["service_tier"] = SERVICE_TIERS[tier];
    else unsupported("serviceTier", `the wire has no tier ${tier}`);
  }
  if (request.cache !== undefined) {
    if (quirks.coreFieldsOnly) unsupported("cache");
    else body["cache_control"] = encodeCache(request.cache);
  }
  for (const key of ABSENT) if (request[key] !== undefined && request[key] !== false) unsupported(key);
  if (request.n !== undefined && request.n > 1) unsupported("n", "the wire gives one answer");
  if (request.modalities?.some((each) => each !== "text")) unsupported("modalities", "the wire answers in text");
  if (stream) body["stream"] = true;

  merge();
  limitMarks(encoding, isObject(body["cache_control"]) ? body["cache_control"] : undefined);
  return { path: "/messages", body, headers: headers(), warnings };

  function maxTokens(): number {
    const { maxOutput } = traits;
    const wanted = request.maxOutputTokens;
    if (wanted === undefined) {
      if (maxOutput === undefined && options["max_tokens"] === undefined) {
        changed("maxOutputTokens", `the wire needs a limit; ${DEFAULT_MAX_TOKENS} was taken`);
      }
      return maxOutput ?? DEFAULT_MAX_TOKENS;
    }
    if (maxOutput === undefined || wanted <= maxOutput) return wanted;
    changed("maxOutputTokens", `${wanted} is more than the model's ${maxOutput}`);
    return maxOutput;
  }

  function sampling(): void {
    const reason =
      traits.sampling === "never"
        ? "the model takes no sampling parameters"
        : version !== VERSION
          ? `API version ${version} has no sampling parameters`
          : thinking && traits.sampling !== "always"
            ? "a thinking model takes no sampling parameters"
            : undefined;
    for (const [key, name] of [
      ["temperature", "temperature"],
      ["topP", "top_p"],
      ["topK", "top_k"],
    ] as const) {
      const value = setting(key);
      if (value === undefined) continue;
      const most = key === "temperature" ? (quirks.maxTemperature ?? 1) : Infinity;
      const taken = Math.max(0, Math.min(value, most));
      if (reason !== undefined) unsupported(key, reason);
      else if (key === "topP" && traits.exclusiveSampling && body["temperature"] !== undefined)
        unsupported(key, "the model takes it only without temperature");
      else {
        if (taken !== value) changed(key, `${value} was changed to ${taken}`);
        body[name] = taken;
      }
    }
  }

  function output(system: Block[]): void {
    const format = request.output;
    if (format?.type !== "json" || traits.jsonSchema === false || quirks.noJsonSchema) return;
    if (format.schema === undefined || quirks.coreFieldsOnly) {
      changed("output", "JSON is asked for in the instructions");
      const fit = format.schema === undefined ? "" : ` that fits this JSON Schema: ${toText(format.schema)}`;
      system.push({ type: "text", text: `Answer with one JSON value${fit || " and nothing else"}.` });
      return;
    }
    const config = body["output_config"] as JSONObject | undefined;
    body["output_config"] = { ...config, format: { type: "json_schema", schema: sanitizeSchema(format.schema) } };
  }

  /** Lays the provider options over the body; the two parts of `output_config` are set independently. */
  function merge(): void {
    for (const [key, value] of Object.entries(options)) {
      if (HEADERS.has(key)) continue;
      const before = body[key];
      put(body, key, key === "output_config" && isObject(before) && isObject(value) ? { ...before, ...value } : value);
      for (const [field, beta, holds] of BETAS) if (field === key && (holds?.test(toText(value)) ?? true)) betas.add(beta);
    }
  }

  function headers(): Record<string, string> {
    if (quirks.coreFieldsOnly) return { "anthropic-version": version };
    if (target.family !== FAMILY || version !== VERSION) betas.clear();
    for (const key of ["anthropic-beta", "betas"]) {
      const value = options[key];
      for (const beta of typeof value === "string" ? value.split(",") : list(value)) {
        if (typeof beta === "string" && beta.trim() !== "") betas.add(beta.trim());
      }
    }
    return { "anthropic-version": version, ...(betas.size > 0 && { "anthropic-beta": [...betas].join(",") }) };
  }
}
