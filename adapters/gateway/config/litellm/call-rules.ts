import type { RequestDefaults, Tool, ToolChoice } from "crosspoint";
import type { DeploymentDraft, Mutable } from "./draft.ts";
import type { At, Rule, Rules } from "./rule.ts";
import { toFlag, toMapping, toNumber, toText, toTexts } from "./values.ts";

type CallRule = Rule<DeploymentDraft>;
type Key = keyof RequestDefaults;
type Reasoning = NonNullable<RequestDefaults["reasoning"]>;
type Reader<T> = (value: unknown, at: At) => T | undefined;

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** Puts what a reader makes of a value among the defaults of the deployment. */
function setting<K extends Key>(key: K, read: Reader<RequestDefaults[K]>): CallRule {
  return {
    to: `defaults.${key}`,
    set(value, { defaults }, at) {
      const found = read(value, at);
      if (found !== undefined) (defaults as Mutable<RequestDefaults>)[key] = found;
    },
  };
}

/** Effort and budget stand side by side in one setting of ours. */
function reasoning(to: string, read: Reader<Reasoning>): CallRule {
  return {
    to,
    set(value, { defaults }, at) {
      const found = read(value, at);
      if (found !== undefined) defaults.reasoning = { ...defaults.reasoning, ...found };
    },
  };
}

/** Fields that are the provider's own: they go into the body of every request as they are. */
const own = (key: string): CallRule => ({
  to: "defaults.providerOptions",
  set: (value, { body }) => void (body[key] = value),
});

const signed: Reader<number> = (value, at) => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : at.error("must be a number");
};

const PER_CALL = "it is the client's to say";
const EMBEDDINGS = "embeddings have no defaults";

const OWN_FIELDS =
  "min_p top_a repetition_penalty repeat_penalty chat_template_kwargs guided_json guided_choice guided_regex num_ctx keep_alive safety_settings " +
  "web_search_options provider models transforms plugins prediction enable_thinking include_reasoning reasoning_format think";

/** What a call may ask for, and every call of a deployment asks for that does not say otherwise. */
export const CALL_PARAMS: Rules<DeploymentDraft> = {
  temperature: setting("temperature", toNumber),
  top_p: setting("topP", toNumber),
  top_k: setting("topK", toNumber),
  max_tokens: setting("maxOutputTokens", toNumber),
  max_completion_tokens: setting("maxOutputTokens", toNumber),
  stop: setting("stop", toTexts),
  seed: setting("seed", signed),
  presence_penalty: setting("presencePenalty", signed),
  frequency_penalty: setting("frequencyPenalty", signed),
  logprobs: setting("logprobs", toFlag),
  top_logprobs: setting("topLogprobs", toNumber),
  logit_bias: setting("logitBias", (value, at) => toMapping(value, at) as Readonly<Record<string, number>> | undefined),
  parallel_tool_calls: setting("parallelToolCalls", toFlag),
  store: setting("store", toFlag),
  service_tier: setting("serviceTier", toText),
  prompt_cache_key: setting("promptCacheKey", toText),
  safety_identifier: setting("safetyIdentifier", toText),
  user: setting("user", toText),
  verbosity: setting("verbosity", (value, at) =>
    value === "low" || value === "medium" || value === "high" ? value : at.error("must be low, medium or high"),
  ),
  reasoning_effort: reasoning("defaults.reasoning.effort", (value, at) =>
    EFFORTS.includes(value as string)
      ? { effort: value as NonNullable<Reasoning["effort"]> }
      : at.error(`must be one of ${EFFORTS.join(", ")}`),
  ),
  thinking: reasoning("defaults.reasoning.budget", toThinking),
  response_format: setting("output", toOutput),
  tools: setting("tools", toTools),
  tool_choice: setting("toolChoice", toToolChoice),
  extra_body: {
    to: "defaults.providerOptions",
    set: (value, { body }, at) => void Object.assign(body, toMapping(value, at)),
  },
  ...Object.fromEntries(OWN_FIELDS.split(" ").map((key) => [key, own(key)])),
  n: { none: PER_CALL },
  stream: { none: PER_CALL },
  metadata: { none: "what is told of calls comes with them: attribution" },
  input_type: { none: EMBEDDINGS },
  dimensions: { none: EMBEDDINGS },
  encoding_format: { none: EMBEDDINGS },
};

function toThinking(value: unknown, at: At): Reasoning | undefined {
  const { type, budget_tokens: budget } = toMapping(value, at) ?? {};
  if (type === "disabled") return { budget: 0 };
  if (type === "adaptive") return { budget: "dynamic" };
  if (type !== "enabled")
    return value === null || typeof value !== "object" ? undefined : at.in("type").error("must be enabled, adaptive or disabled");
  const tokens = budget === undefined ? ("dynamic" as const) : toNumber(budget, at.in("budget_tokens"));
  return tokens === undefined ? undefined : { budget: tokens };
}

function toOutput(value: unknown, at: At): RequestDefaults["output"] {
  const { type, json_schema: format } = toMapping(value, at) ?? {};
  if (type === "text") return { type };
  if (type === "json_object") return { type: "json" };
  if (type !== "json_schema") return at.error("must be of the type text, json_object or json_schema");
  const { name, description, schema, strict } = toMapping(format, at.in("json_schema")) ?? {};
  const found = toMapping(schema, at.in("json_schema", "schema"));
  if (found === undefined) return undefined;
  return {
    type: "json",
    schema: found as NonNullable<Extract<RequestDefaults["output"], { type: "json" }>["schema"]>,
    ...(typeof name === "string" && { name }),
    ...(typeof description === "string" && { description }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

function toTools(value: unknown, at: At): readonly Tool[] | undefined {
  if (!Array.isArray(value)) return at.error("must be a list");
  const tools: Tool[] = [];
  for (const [index, each] of value.entries()) {
    const here = at.in(index);
    const { type, function: given } = toMapping(each, here) ?? {};
    if (type !== "function") {
      here.warn("is left out: of defaults only functions are taken");
      continue;
    }
    const { name, description, parameters, strict } = toMapping(given, here.in("function")) ?? {};
    const found = toText(name, here.in("function", "name"));
    const schema = parameters === undefined ? undefined : toMapping(parameters, here.in("function", "parameters"));
    if (found === undefined) continue;
    tools.push({
      name: found,
      ...(typeof description === "string" && { description }),
      ...(schema !== undefined && { inputSchema: schema as NonNullable<Extract<Tool, { inputSchema?: unknown }>["inputSchema"]> }),
      ...(typeof strict === "boolean" && { strict }),
    });
  }
  return tools;
}

function toToolChoice(value: unknown, at: At): ToolChoice | undefined {
  if (value === "auto" || value === "none" || value === "required") return value;
  if (typeof value === "string") return at.error("must be auto, none, required or a function");
  const { function: given } = toMapping(value, at) ?? {};
  const tool = toText(toMapping(given, at.in("function"))?.["name"], at.in("function", "name"));
  return tool === undefined ? undefined : { tool };
}
