import type { PresetName } from "crosspoint";
import type { Draft } from "./draft.ts";
import { toSpan, toWindow } from "./duration.ts";
import { allowedFails, fallbackRules, retries, timeout } from "./router-rules.ts";
import type { At, Rule, Rules } from "./rule.ts";
import { toFlag, toMapping, toNumber, toText, toTexts } from "./values.ts";

type DraftRule = Rule<Draft>;

/** LiteLLM's callbacks that are a tool which reads OpenTelemetry, and our attributes for it. */
export const CALLBACKS: Readonly<Record<string, readonly PresetName[]>> = {
  langfuse: ["langfuse"],
  langfuse_otel: ["langfuse"],
  langsmith: ["langsmith"],
  arize: ["openinference"],
  arize_phoenix: ["openinference"],
  phoenix: ["openinference"],
  sentry: ["sentry"],
  openlit: ["openlit"],
  signoz: ["signoz"],
  otel: [],
  opentelemetry: [],
  prometheus: [],
};

const maxBudget: DraftRule = {
  to: "budgets, for all calls",
  set(value, { budget }, at) {
    const found = toNumber(value, at);
    if (found === undefined) return;
    budget.limit = found;
    budget.at = at;
  },
};

const budgetDuration: DraftRule = {
  to: "window of that budget",
  set(value, { budget }, at) {
    const found = toWindow(value, at);
    if (found !== undefined) budget.window = found;
  },
};

const callbacks: DraftRule = {
  to: "telemetry.presets",
  set(value, draft, at) {
    for (const name of toTexts(value, at) ?? []) {
      if (!Object.hasOwn(CALLBACKS, name)) {
        at.warn(`"${name}" has no meaning here: tools are reached by OpenTelemetry; there are: ${Object.keys(CALLBACKS).join(", ")}`);
      } else for (const preset of CALLBACKS[name]!) draft.presets.add(preset);
    }
  },
};

const KEYS = "there are no keys of clients beside the master key";
const CACHE = "answers are not cached";
const LOG = "crosspoint serve --log and --log-format";
const DATABASE = "nothing is kept in a database but spend; give a store, as redis_host or in a file of ours";
const ALERTS = "alerts are told in code: onAlert";
const GUARDRAILS = "there are no guardrails";
const PROBES = "health is learnt from the calls themselves";

export const LITELLM_SETTINGS: Rules<Draft> = {
  drop_params: {
    to: 'unsupported: "drop" when true, "error" when false',
    set(value, { options }, at) {
      const drop = toFlag(value, at);
      if (drop !== undefined) options.unsupported = drop ? "drop" : "error";
    },
  },
  num_retries: retries,
  request_timeout: timeout,
  ...fallbackRules,
  allowed_fails: allowedFails,
  max_budget: maxBudget,
  budget_duration: budgetDuration,
  max_end_user_budget: {
    to: "budgets, for each user",
    set(value, { endUserBudget }, at) {
      const found = toNumber(value, at);
      if (found !== undefined) endUserBudget.limit = found;
    },
  },
  max_end_user_budget_duration: {
    to: "window of that budget",
    set(value, { endUserBudget }, at) {
      const found = toWindow(value, at);
      if (found !== undefined) endUserBudget.window = found;
    },
  },
  callbacks,
  success_callback: callbacks,
  failure_callback: callbacks,
  turn_off_message_logging: {
    to: 'telemetry.captureContent: "none" when true, "span" when false',
    set(value, { options }, at) {
      const off = toFlag(value, at);
      if (off !== undefined) options.telemetry = { ...(options.telemetry || undefined), captureContent: off ? "none" : "span" };
    },
  },
  modify_params: {
    to: "nothing when true, which is how it is",
    set(value, _, at) {
      if (toFlag(value, at) === false)
        at.warn("has no meaning here: a conversation is always made to fit its model, and each change is a warning");
    },
  },
  model_group_alias: { none: "it belongs to router_settings" },
  cache: { none: CACHE },
  cache_params: { none: CACHE },
  enable_caching_on_provider_specific_optional_params: { none: CACHE },
  service_callback: { none: "nothing beside calls is told of" },
  audit_log_callbacks: { none: "there is no audit log" },
  callback_settings: { none: "tools are reached by OpenTelemetry and its OTEL_ variables" },
  redact_user_api_key_info: { none: KEYS },
  redact_messages_in_exceptions: { none: "prompts never stand in errors" },
  langfuse_default_tags: { none: "attribution has what the calls say" },
  default_internal_user_params: { none: KEYS },
  default_team_settings: { none: KEYS },
  default_team_params: { none: KEYS },
  default_key_generate_params: { none: KEYS },
  upperbound_key_generate_params: { none: KEYS },
  key_generation_settings: { none: KEYS },
  max_internal_user_budget: { none: KEYS },
  internal_user_budget_duration: { none: KEYS },
  max_user_budget: { none: "the budget of each user is max_end_user_budget" },
  json_logs: { none: LOG },
  set_verbose: { none: LOG },
  log_raw_request_response: { none: LOG },
  suppress_debug_info: { none: LOG },
  telemetry: { none: "nothing is reported to anyone" },
  guardrails: { none: GUARDRAILS },
  ssl_verify: { none: "certificates are checked; NODE_EXTRA_CA_CERTS adds one of your own" },
  ssl_certificate: { none: "certificates are checked; NODE_EXTRA_CA_CERTS adds one of your own" },
  force_ipv4: { none: "node --dns-result-order=ipv4first" },
  add_function_to_prompt: { none: "tools go to models that take tools" },
  additional_drop_params: { none: "a setting is left out where the model cannot take it, which the catalogue knows" },
  allowed_openai_params: { none: "what the wire of the provider has is sent" },
  enable_json_schema_validation: { none: "answers are not validated" },
  forward_traceparent_to_llm_provider: { none: "providers are told nothing of traces" },
  return_response_headers: { none: "the answer's own headers are x-crosspoint-…" },
  include_cost_in_streaming_usage: { none: "send the header x-crosspoint-cost: true" },
  extra_spend_tag_headers: { none: "tags come in x-crosspoint-tags" },
  disable_add_user_agent_to_request_tags: { none: "tags are only what the calls say" },
  default_max_tokens: { none: "what a call may ask for is set by the call" },
  custom_provider_map: { none: "a provider of one's own is a row under providers, or code" },
  default_redis_ttl: { none: CACHE },
  default_in_memory_ttl: { none: CACHE },
  context_window_fallback_dict: { none: "write context_window_fallbacks" },
  cost_discount_config: { none: "prices are given by deployment: input_cost_per_token" },
  cost_margin_config: { none: "prices are given by deployment: input_cost_per_token" },
  prometheus_initialize_budget_metrics: { none: "/metrics has what it has" },
  require_auth_for_metrics_endpoint: { none: "/metrics is for this machine alone unless --metrics public" },
};

export const GENERAL_SETTINGS: Rules<Draft> = {
  master_key: {
    to: "masterKey",
    set(value, draft, at) {
      const found = toText(value, at);
      if (found === undefined) return;
      if (!/^[\x21-\x7e]+$/.test(found)) return at.error("must be visible ASCII characters without spaces");
      draft.masterKey = found;
    },
  },
  max_budget: maxBudget,
  budget_duration: budgetDuration,
  global_max_parallel_requests: {
    to: "limits, for all calls",
    set(value, { limits }, at) {
      const parallel = toNumber(value, at);
      if (parallel !== undefined) limits.push({ id: "global_max_parallel_requests", parallel });
    },
  },
  enforce_user_param: {
    to: "require: [user]",
    set(value, { options }, at) {
      if (toFlag(value, at) === true) options.require = ["user"];
    },
  },
  max_request_size_mb: {
    to: "maxBodyBytes",
    set(value, { options }, at) {
      const found = toNumber(value, at);
      if (found !== undefined) options.maxBodyBytes = Math.round(found * 1024 * 1024);
    },
  },
  maximum_spend_logs_retention_period: {
    to: "retention",
    set(value, { options }, at) {
      const found = toSpan(value, at);
      if (found !== undefined) options.retention = found;
    },
  },
  completion_model: {
    to: "defaultModel",
    set(value, { options }, at) {
      const found = toText(value, at);
      if (found === undefined) return;
      options.defaultModel = found;
      at.warn("answers for names that are unknown, not for every name as in LiteLLM");
    },
  },
  custom_auth: { refused: "who may call is not decided in Python; set master_key" },
  enable_jwt_auth: { refused: "tokens are not checked; set master_key, or put something in front that checks them" },
  allowed_ips: { refused: "addresses are not checked; set master_key, or a firewall" },
  enable_oauth2_auth: { refused: "tokens are not checked; set master_key, or put something in front that checks them" },
  allowed_routes: { none: "there are no routes but those of the models" },
  admin_only_routes: { none: "there are no routes but those of the models" },
  public_routes: { none: "only /health answers without the master key" },
  litellm_jwtauth: { none: "tokens are not checked" },
  custom_key_generate: { none: KEYS },
  salt_key: { none: KEYS },
  ui_access_mode: { none: "there is no admin interface" },
  enforced_params: { none: "what each call must have is said by require, in a file of ours" },
  database_url: { none: DATABASE },
  database_type: { none: DATABASE },
  database_args: { none: DATABASE },
  database_connection_pool_limit: { none: DATABASE },
  database_connection_timeout: { none: DATABASE },
  database_connection_pool_timeout: { none: DATABASE },
  allow_requests_on_db_unavailable: { none: DATABASE },
  store_model_in_db: { none: "models are kept in files alone; a change of the file is taken over while it runs" },
  store_prompts_in_spend_logs: { none: "prompts are not kept" },
  disable_spend_logs: { none: "spend is kept where there is a store or a budget" },
  disable_error_logs: { none: "errors are not kept" },
  disable_spend_updates: { none: "spend is kept where there is a store or a budget" },
  proxy_batch_write_at: { none: "spend is written as it comes" },
  proxy_budget_rescheduler_min_time: { none: "windows end on the second" },
  proxy_budget_rescheduler_max_time: { none: "windows end on the second" },
  use_redis_transaction_buffer: { none: "spend is written as it comes" },
  spend_report_frequency: { none: "reports are made by crosspoint spend" },
  alerting: { none: ALERTS },
  alerting_threshold: { none: ALERTS },
  alerting_args: { none: ALERTS },
  alert_types: { none: ALERTS },
  alert_to_webhook_url: { none: ALERTS },
  background_health_checks: { none: PROBES },
  health_check_interval: { none: PROBES },
  health_check_details: { none: PROBES },
  disable_master_key_return: { none: KEYS },
  disable_retry_on_max_parallel_request_limit_error: { none: "what a limit of ours refuses is not tried again" },
  disable_prisma_schema_update: { none: DATABASE },
  disable_reset_budget: { none: "windows end on the second" },
  infer_model_from_keys: { none: "provider/model needs no entry where there is a key" },
  max_parallel_requests: { none: "it is said by deployment, or for all as global_max_parallel_requests" },
  max_response_size_mb: { none: "answers are passed on as they come" },
  pass_through_endpoints: { none: "there are no pass-through endpoints" },
  key_management_system: { none: "keys come from the environment" },
  key_management_settings: { none: "keys come from the environment" },
  use_azure_key_vault: { none: "keys come from the environment" },
  use_google_kms: { none: "keys come from the environment" },
  forward_openai_org_id: { none: "headers of clients are not passed on" },
  forward_client_headers_to_llm_api: { none: "headers of clients are not passed on" },
  user_header_name: { none: "users come in x-crosspoint-user" },
  user_header_mappings: { none: "users come in x-crosspoint-user" },
  cli_jwt_expiration_hours: { none: KEYS },
  role_permissions: { none: KEYS },
};

const NOT_HERE = "nothing here does this";

/** The keys of the file itself. `model_list` and `include` are read before the others. */
export const TOP_LEVEL: Readonly<Record<string, { readonly to: string } | { readonly none: string }>> = {
  model_list: { to: "models" },
  router_settings: { to: "as below" },
  litellm_settings: { to: "as below" },
  general_settings: { to: "as below" },
  environment_variables: { to: "the environment of the gateway" },
  credential_list: { to: "apiKey and provider of the deployments that name the entry" },
  include: { to: "further files, laid over this one" },
  callback_settings: { none: "tools are reached by OpenTelemetry and its OTEL_ variables" },
  guardrails: { none: GUARDRAILS },
  policies: { none: GUARDRAILS },
  prompts: { none: NOT_HERE },
  mcp_servers: { none: NOT_HERE },
  mcp_tools: { none: NOT_HERE },
  search_tools: { none: NOT_HERE },
  vector_store_registry: { none: NOT_HERE },
  files_settings: { none: NOT_HERE },
  finetune_settings: { none: NOT_HERE },
  assistant_settings: { none: NOT_HERE },
};

/** Credentials by name, for `litellm_credential_name`. */
export function readCredentials(value: unknown, draft: Draft, at: At): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) return at.error("must be a list");
  for (const [index, each] of value.entries()) {
    const { credential_name: name, credential_values: values } = toMapping(each, at.in(index)) ?? {};
    const found = toText(name, at.in(index, "credential_name"));
    if (found !== undefined) draft.credentials.set(found, toMapping(values, at.in(index, "credential_values")) ?? {});
  }
}
