import { checkPrice } from "../models/options.ts";
import type { ModelGroupOption } from "./groups.ts";
import { checkNames, checkStrategy, wrong } from "./options.ts";

const GROUP_KEYS = "deployments strategy minQuality fallbacks contextWindowFallbacks contentPolicyFallbacks degrade".split(" ");
const NUMBERS = "weight order rpm tpm maxParallelRequests quality timeout firstEventTimeout idleTimeout contextWindow".split(" ");
const DEPLOYMENT_KEYS = [...NUMBERS, ..."model apiKey id price baseModel provider region tags enabled".split(" ")];

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
  }
  if (fields["price"] !== undefined) checkPrice(fields["price"], `${at}.price`);
  const { apiKey, tags, baseModel, provider: settings } = fields;
  if (settings !== undefined && (typeof settings !== "object" || settings === null)) throw wrong(`${at}.provider`, "must be an object");
  if (baseModel !== undefined && (typeof baseModel !== "string" || baseModel === "")) {
    throw wrong(`${at}.baseModel`, 'must be a text, as "gpt-5-mini"');
  }
  if (Array.isArray(apiKey)) checkNames(`${at}.apiKey`, apiKey);
  else if (apiKey !== undefined && typeof apiKey !== "string") throw wrong(`${at}.apiKey`, "must be a text or a list of texts");
  if (tags !== undefined) checkNames(`${at}.tags`, tags);
}

function onlyKeys(at: string, value: object, keys: readonly string[]): void {
  const other = Object.keys(value).find((key) => !keys.includes(key));
  if (other !== undefined) throw wrong(`${at}.${other}`, `is unknown; there are: ${keys.join(", ")}`);
}
