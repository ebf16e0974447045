import { checkRequest } from "../check-request.ts";
import { CrosspointError } from "../ir/error.ts";
import type { CallRequest } from "../call-options.ts";
import { checkPrice } from "../models/options.ts";
import type { RequestDefaults } from "./defaults.ts";
import type { ModelGroupOption } from "./groups.ts";
import { checkCooldown, checkNames, checkStrategy, wrong } from "./options.ts";

const GROUP_KEYS = "deployments strategy minQuality fallbacks contextWindowFallbacks contentPolicyFallbacks degrade retries".split(" ");
const NUMBERS = "weight order rpm tpm maxParallelRequests quality timeout firstEventTimeout idleTimeout contextWindow".split(" ");
const DEPLOYMENT_KEYS = [...NUMBERS, ..."model apiKey id price baseModel provider region tags enabled defaults cooldown".split(" ")];
/** The settings that can be defaults, and what they are; those that `checkRequest` looks at are `any`. */
const SETTINGS: Readonly<Record<keyof RequestDefaults, "number" | "string" | "boolean" | "object" | "texts" | "any">> = {
  temperature: "number",
  topP: "number",
  topK: "number",
  maxOutputTokens: "number",
  frequencyPenalty: "number",
  presencePenalty: "number",
  seed: "number",
  topLogprobs: "number",
  logprobs: "boolean",
  parallelToolCalls: "boolean",
  store: "boolean",
  verbosity: "string",
  serviceTier: "string",
  promptCacheKey: "string",
  user: "string",
  safetyIdentifier: "string",
  stop: "texts",
  modalities: "texts",
  logitBias: "object",
  metadata: "object",
  cache: "object",
  providerOptions: "object",
  tools: "any",
  toolChoice: "any",
  output: "any",
  reasoning: "any",
};

/** Throws INVALID_OPTIONS that names what is wrong with a group. */
export function checkGroups(models: Readonly<Record<string, string | ModelGroupOption>>): void {
  for (const [name, option] of Object.entries(models)) if (typeof option !== "string") checkGroup(name, option);
}

function checkGroup(name: string, option: ModelGroupOption): void {
  const at = `models.${name}`;
  onlyKeys(at, option, GROUP_KEYS);
  const { deployments } = option;
  if (!Array.isArray(deployments) || deployments.length === 0) throw wrong(`${at}.deployments`, "must list at least one model");
  for (const list of ["fallbacks", "contextWindowFallbacks", "contentPolicyFallbacks"] as const) {
    if (option[list] !== undefined) checkNames(`${at}.${list}`, option[list]);
  }
  checkStrategy(option.strategy, `${at}.strategy`);
  const { retries } = option;
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    throw wrong(`${at}.retries`, "must be a whole number of at least 0");
  deployments.forEach((each: unknown, index) => checkDeployment(`${at}.deployments[${index}]`, each));
}

function checkDeployment(at: string, each: unknown): void {
  if (typeof each === "string") return;
  if (typeof each !== "object" || each === null) throw wrong(at, "must be a model or an object");
  onlyKeys(at, each, DEPLOYMENT_KEYS);
  const fields = each as Readonly<Record<string, unknown>>;
  if (typeof fields["model"] !== "string") throw wrong(`${at}.model`, 'must be a text, as "openai/gpt-5-mini"');
  for (const key of NUMBERS) {
    const value = fields[key];
    if (value !== undefined && !(typeof value === "number" && value >= 0)) throw wrong(`${at}.${key}`, "must be a number of at least 0");
    if (value === 0 && key.endsWith("imeout")) throw wrong(`${at}.${key}`, "must be above 0; Infinity is no bound");
    if (key === "weight" && value === Infinity)
      throw wrong(`${at}.weight`, "must be finite: 0 for the others leaves them the calls that it cannot take");
  }
  if (fields["price"] !== undefined) checkPrice(fields["price"], `${at}.price`);
  const { apiKey, tags, baseModel, provider: settings } = fields;
  if (settings !== undefined && (typeof settings !== "object" || settings === null)) throw wrong(`${at}.provider`, "must be an object");
  if (baseModel !== undefined && (typeof baseModel !== "string" || baseModel === "")) {
    throw wrong(`${at}.baseModel`, 'must be a text, as "gpt-5-mini"');
  }
  if (Array.isArray(apiKey)) checkNames(`${at}.apiKey`, apiKey);
  else if (apiKey !== undefined && typeof apiKey !== "string") throw wrong(`${at}.apiKey`, "must be a text or a list of texts");
  if (fields["cooldown"] !== undefined) checkCooldown(fields["cooldown"], `${at}.cooldown`);
  if (fields["defaults"] !== undefined) checkDefaults(fields["defaults"], `${at}.defaults`);
  if (tags !== undefined) checkNames(`${at}.tags`, tags);
}

function checkDefaults(defaults: unknown, at: string): void {
  if (!isObject(defaults)) throw wrong(at, "must be an object, as { temperature: 0 }");
  onlyKeys(at, defaults, Object.keys(SETTINGS));
  for (const [name, value] of Object.entries(defaults)) {
    const kind = SETTINGS[name as keyof RequestDefaults];
    if (value === undefined || kind === "any") continue;
    if (kind === "texts") checkNames(`${at}.${name}`, value);
    else if (kind === "object" ? !isObject(value) : typeof value !== kind || Number.isNaN(value))
      throw wrong(`${at}.${name}`, `must be ${kind === "object" ? "an" : "a"} ${kind}`);
  }
  try {
    checkRequest({ model: "", messages: [], ...defaults } as CallRequest);
  } catch (error) {
    const { message, param } = error as CrosspointError;
    throw new CrosspointError("INVALID_OPTIONS", `${at}.${message}`, { param: `${at}.${param}` });
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function onlyKeys(at: string, value: object, keys: readonly string[]): void {
  const other = Object.keys(value).find((key) => !keys.includes(key));
  if (other !== undefined) throw wrong(`${at}.${other}`, `is unknown; there are: ${keys.join(", ")}`);
}
