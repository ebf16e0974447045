import { CALL_PARAMS } from "./call-rules.ts";
import type { DeploymentDraft, Mutable } from "./draft.ts";
import { toWindow } from "./duration.ts";
import type { At, Rule, Rules } from "./rule.ts";
import { toFlag, toMapping, toMs, toNumber, toText, toTexts } from "./values.ts";

type Option = Mutable<DeploymentDraft["option"]>;
type DeploymentRule = Rule<DeploymentDraft>;
type NumberKey = "rpm" | "tpm" | "weight" | "order" | "maxParallelRequests" | "contextWindow";

/** Puts what a reader makes of a value into a field of the deployment. */
function field<Key extends keyof Option>(key: Key, read: (value: unknown, at: At) => Option[Key]): DeploymentRule {
  return {
    to: key,
    set(value, { option }, at) {
      const found = read(value, at);
      if (found !== undefined) option[key] = found;
    },
  };
}

const number = (key: NumberKey): DeploymentRule => field(key, toNumber);

function text(to: string, put: (found: string, draft: DeploymentDraft) => void): DeploymentRule {
  return {
    to,
    set(value, draft, at) {
      const found = toText(value, at);
      if (found !== undefined) put(found, draft);
    },
  };
}

/** A value for the placeholders of the provider's row. */
const param = (name: string): DeploymentRule => text(`provider.params.${name}`, (found, { params }) => void (params[name] = found));

const rate = (key: string): DeploymentRule => ({
  to: "price; with _above_128k_tokens and the like for long prompts, _flex, _priority and _batches for service tiers",
  set(value, { rates }, at) {
    if (typeof value === "object" || toNumber(value, at) !== undefined) rates.set(key, { value, at });
  },
});

/** LiteLLM has a field each for lengths of the prompt, service tiers and tools: whatever is about money is looked at as a price. */
export function rateRule(key: string): DeploymentRule | undefined {
  return /cost|price|pricing/.test(key) ? rate(key) : undefined;
}

/** Those that are written in configs, for the hints and the documentation. */
const PRICES = Object.fromEntries(
  (
    "input_cost_per_token output_cost_per_token cache_read_input_token_cost cache_creation_input_token_cost " +
    "cache_creation_input_token_cost_above_1hr input_cost_per_audio_token output_cost_per_audio_token input_cost_per_image_token " +
    "output_cost_per_image_token output_cost_per_reasoning_token search_context_cost_per_query file_search_cost_per_1k_calls"
  )
    .split(" ")
    .map((key) => [key, rate(key)]),
);

export const PRICE_FIELDS = Object.keys(PRICES);

const ROUTERS = "a router model that picks by content is not there; write a group with a strategy";
const ENTRA = "no token is fetched from Entra; give api_key or azure_ad_token";

const tries: DeploymentRule = {
  to: "retries of the model_name; of several the highest",
  set(value, draft, at) {
    const found = toNumber(value, at);
    if (found !== undefined) draft.retries = Math.max(Math.ceil(found), draft.retries ?? 0);
  },
};

const cooldownTime: DeploymentRule = {
  to: "cooldown.ms",
  set(value, { option }, at) {
    const ms = toMs(value, at);
    if (ms !== undefined) option.cooldown = { ...option.cooldown, ms };
  },
};

export const LITELLM_PARAMS: Rules<DeploymentDraft> = {
  model: text("model", (found, draft) => void (draft.model = found)),
  custom_llm_provider: text("model, before its slash", (found, draft) => void (draft.prefix = found)),
  api_key: field("apiKey", toText),
  api_base: text("provider.baseURL", (found, draft) => void (draft.apiBase = found)),
  base_url: text("provider.baseURL", (found, draft) => void (draft.apiBase = found)),
  api_version: { none: "Azure is asked at /openai/v1, which has no versions" },
  organization: text("provider.organization", (found, { provider }) => void (provider.organization = found)),
  base_model: text("baseModel", (found, draft) => void (draft.baseModel = found)),
  rpm: number("rpm"),
  tpm: number("tpm"),
  weight: number("weight"),
  order: number("order"),
  timeout: { ...field("timeout", toMs), to: "timeout; firstEventTimeout unless stream_timeout says it" },
  stream_timeout: field("firstEventTimeout", toMs),
  max_parallel_requests: number("maxParallelRequests"),
  region_name: field("region", toText),
  tags: field("tags", toTexts),
  max_budget: {
    to: "budgets, for the deployment's provider and model",
    set: (value, draft, at) => {
      const found = toNumber(value, at);
      if (found !== undefined) draft.maxBudget = found;
    },
  },
  budget_duration: {
    to: "window of that budget",
    set: (value, draft, at) => {
      const found = toWindow(value, at);
      if (found !== undefined) draft.window = found;
    },
  },
  extra_headers: { to: "provider.headers", set: setHeaders },
  headers: { to: "provider.headers", set: setHeaders },
  ...PRICES,
  input_cost_per_second: { none: "prices are by token" },
  output_cost_per_second: { none: "prices are by token" },
  aws_access_key_id: param("accessKeyId"),
  aws_secret_access_key: param("secretAccessKey"),
  aws_session_token: param("sessionToken"),
  aws_region_name: param("region"),
  aws_bedrock_runtime_endpoint: text("provider.baseURL", (found, draft) => void (draft.apiBase = found)),
  aws_profile_name: { none: "profiles are not read; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" },
  aws_role_name: { none: "no role is taken on; give the credentials of the role" },
  aws_session_name: { none: "no role is taken on; give the credentials of the role" },
  aws_web_identity_token: { none: "no role is taken on; give the credentials of the role" },
  vertex_project: param("project"),
  vertex_location: param("location"),
  vertex_credentials: param("credentials"),
  azure_ad_token: text("provider.authToken", (found, { provider }) => void (provider.authToken = found)),
  tenant_id: { none: ENTRA },
  client_id: { none: ENTRA },
  client_secret: { none: ENTRA },
  litellm_credential_name: { to: "the entry of credential_list", set: () => {} },
  drop_params: {
    to: "nothing when true, which is how it is",
    set(value, _, at) {
      if (toFlag(value, at) === false) at.warn("false is said for all models alone: litellm_settings.drop_params");
    },
  },
  max_retries: tries,
  num_retries: tries,
  cooldown_time: cooldownTime,
  itpm: { none: "input and output tokens have one limit: tpm" },
  otpm: { none: "input and output tokens have one limit: tpm" },
  tag_regex: { none: "tags are words" },
  additional_drop_params: { none: "a setting is left out where the model cannot take it, which the catalogue knows" },
  allowed_openai_params: { none: "what the wire of the provider has is sent" },
  merge_reasoning_content_in_choices: { none: "reasoning stays apart from the answer" },
  use_chat_completions_api: { none: "write openai-chat/ in place of openai/ in the model" },
  use_in_pass_through: { none: "there are no pass-through endpoints" },
  use_litellm_proxy: { none: "write litellm_proxy/ before the model" },
  cache_control_injection_points: { none: "cache hints are set by the call" },
  configurable_clientside_auth_params: { none: "clients bring no keys for providers" },
  mock_response: { none: "answers are made by crosspoint/testing" },
  silent_model: { none: "calls are not mirrored" },
  ssl_verify: { none: "certificates are checked; NODE_EXTRA_CA_CERTS adds one of your own" },
  default_api_key_rpm_limit: { none: "there are no keys of clients beside the master key" },
  default_api_key_tpm_limit: { none: "there are no keys of clients beside the master key" },
  auto_router_config: { none: ROUTERS },
  auto_router_config_path: { none: ROUTERS },
  auto_router_default_model: { none: ROUTERS },
  auto_router_embedding_model: { none: ROUTERS },
  complexity_router_config: { none: ROUTERS },
  guardrails: { none: "there are no guardrails" },
  ...CALL_PARAMS,
};

const LISTED = "lists show what the catalogue knows";

export const MODEL_INFO: Rules<DeploymentDraft> = {
  id: {
    to: "id",
    set(value, draft, at) {
      const id = toText(value, at);
      if (id !== undefined) draft.option.id = draft.id = id;
    },
  },
  base_model: text("baseModel", (found, draft) => void (draft.baseModel = found)),
  max_input_tokens: number("contextWindow"),
  max_tokens: { none: "how much a model writes is known from the catalogue" },
  max_output_tokens: { none: "how much a model writes is known from the catalogue" },
  mode: {
    to: "nothing: the client's URL says it (chat, completion, responses, embedding)",
    set(value, { rates }, at) {
      // Embeddings have no price of output.
      rates.set("mode", { value, at });
      if (!["chat", "completion", "responses", "embedding", "batch"].includes(String(value))) {
        at.warn(`${JSON.stringify(value)}: nothing here answers such calls`);
      }
    },
  },
  ...PRICES,
  description: { none: LISTED },
  litellm_provider: { none: LISTED },
  created_at: { none: LISTED },
  created_by: { none: LISTED },
  updated_at: { none: LISTED },
  updated_by: { none: LISTED },
  db_model: { none: "models are kept in files alone" },
  tier: { none: "every call can ask every model" },
  access_groups: { none: "every client can ask every model" },
  team_id: { none: "every client can ask every model" },
  team_public_model_name: { none: "every client can ask every model" },
  supported_environments: { none: "what is in the file is served" },
  blocked: {
    to: "enabled",
    set(value, { option }, at) {
      const blocked = toFlag(value, at);
      if (blocked !== undefined) option.enabled = !blocked;
    },
  },
  health_check_model: { none: "health is learnt from the calls themselves" },
  health_check_timeout: { none: "health is learnt from the calls themselves" },
  disable_background_health_check: { none: "health is learnt from the calls themselves" },
  allowed_fails: {
    to: "cooldown.failures, one more",
    set(value, { option }, at) {
      const found = toNumber(value, at);
      if (found !== undefined) option.cooldown = { ...option.cooldown, failures: found + 1 };
    },
  },
  allowed_fails_policy: { none: "what takes a deployment out is known of each kind of failure" },
  cooldown_time: cooldownTime,
};

function setHeaders(value: unknown, { provider }: DeploymentDraft, at: At): void {
  const headers: Record<string, string> = {};
  for (const [name, each] of Object.entries(toMapping(value, at) ?? {})) {
    const found = toText(each, at.in(name));
    if (found !== undefined) headers[name] = found;
  }
  provider.headers = headers;
}
