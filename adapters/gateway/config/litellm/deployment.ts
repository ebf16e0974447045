import {
  createCrosspoint,
  CrosspointError,
  readLitellmPrice,
  type Crosspoint,
  type DeploymentOption,
  type JSONObject,
  type Price,
} from "crosspoint";
import { hint } from "../nearest.ts";
import type { DeploymentDraft, Draft, Mutable } from "./draft.ts";
import { ABSENT_PREFIXES, COMPATIBLE, COMPATIBLE_ROW, PROVIDER_ROUTES, type ProviderRoute } from "./providers.ts";
import { PRICE_FIELDS } from "./deployment-rules.ts";
import type { At } from "./rule.ts";

type Option = Mutable<Exclude<DeploymentOption, string>>;

/** A deployment of ours. `undefined` when it cannot be meant, which is told. */
export function finishDeployment(name: string, deployment: DeploymentDraft, draft: Draft, at: At): Option | undefined {
  const params = at.in("litellm_params");
  if (deployment.model === undefined) return params.error("lacks model") as undefined;
  const { option, provider, defaults, body } = deployment;
  const model = toModel(deployment, draft, params);
  if (model === undefined) return undefined;
  const full = model.id === undefined ? model.name : `${model.id}/${model.name}`;
  option.model = full;
  const route = model.route;
  const apiBase = deployment.apiBase ?? route.baseEnv?.map((name) => draft.env[name]).find((value) => value !== undefined);
  if (apiBase !== undefined) {
    const baseURL = toBaseURL(apiBase, route, params.in("api_base"));
    if (baseURL === undefined) return undefined;
    provider.baseURL = baseURL;
    const own = option.apiKey ?? provider.authToken;
    const key = own === undefined ? keyFor(model.prefix, route, draft, params) : undefined;
    if (key !== undefined) option.apiKey = key;
  }
  if (Object.keys(deployment.params).length > 0) provider.params = deployment.params;
  if (Object.keys(provider).length > 0) option.provider = provider;
  if (option.timeout !== undefined) option.firstEventTimeout ??= option.timeout;
  addBudget(full, deployment, draft, at);
  const price = priceOf(deployment, params);
  if (price !== undefined) option.price = price;
  const based = deployment.baseModel ?? (price === undefined ? namedModel(model) : undefined);
  if (based !== undefined) option.baseModel = based;
  if (Object.keys(body).length > 0) {
    if (model.id === undefined) params.warn(`names no provider: ${Object.keys(body).join(", ")} cannot be sent`);
    else defaults.providerOptions = { [model.id]: body as JSONObject };
  }
  if (Object.keys(defaults).length > 0) option.defaults = defaults;
  const { tags, ...untagged } = option;
  return { ...untagged, model: full, ...(draft.tagsRoute && tags !== undefined && { tags }) };
}

/** The model that a name means at a server of the file's own, as LiteLLM takes it. One with a slash is a maker's that the server says itself. */
function namedModel({ id, name, route: { list } }: FoundModel): string | undefined {
  return id === COMPATIBLE && list !== undefined && !name.includes("/") ? `${list}/${name}` : undefined;
}

function priceOf({ rates }: DeploymentDraft, params: At): Price | undefined {
  const { price, unused } = readLitellmPrice(Object.fromEntries([...rates].map(([key, { value }]) => [key, value])));
  for (const key of unused) rates.get(key)!.at.warn(`has no meaning here: prices are by token${hint(key, PRICE_FIELDS)}`);
  const isMeant = [...rates.keys()].some((key) => key !== "mode" && !unused.has(key));
  if (price === undefined && isMeant) params.warn("needs input_cost_per_token and output_cost_per_token both: its price is not taken");
  return price;
}

/** LiteLLM counts each deployment for itself; here they are told apart by provider and model. */
function addBudget(model: string, { maxBudget, window }: DeploymentDraft, { budgets }: Draft, at: At): void {
  if (maxBudget === undefined) return;
  const scope = { provider: model.slice(0, model.indexOf("/")), model };
  const same = budgets.findIndex(({ scope: each }) => each?.model === model);
  const before = same < 0 ? 0 : budgets.splice(same, 1)[0]!.limit;
  if (before > 0) at.in("litellm_params", "max_budget").warn(`is counted together with that of the other deployments of ${model}`);
  budgets.push({ scope, limit: maxBudget + before, window: window ?? "lifetime", unknownPrice: "allow" });
}

interface FoundModel {
  /** Absent: a name that is known by itself, or a pattern. */
  readonly id: string | undefined;
  readonly name: string;
  readonly prefix: string;
  readonly route: ProviderRoute;
}

/** The provider and the model's name there. */
function toModel({ model = "", prefix: given, apiBase }: DeploymentDraft, { providers }: Draft, at: At): FoundModel | undefined {
  const slash = model.indexOf("/");
  if (given === undefined && slash < 0 && apiBase === undefined) return { id: undefined, name: model, prefix: "", route: { ids: [] } };
  const prefix = given ?? (slash < 0 ? "openai" : model.slice(0, slash));
  const route = Object.hasOwn(PROVIDER_ROUTES, prefix) ? PROVIDER_ROUTES[prefix]! : { ids: [prefix] };
  const name = (slash >= 0 && model.slice(0, slash) === prefix ? model.slice(slash + 1) : model).replace(route.skip ?? /^$/, "");
  if (prefix === "*") return { id: undefined, name: model, prefix: "", route };
  const isAway = apiBase !== undefined && route.hosts?.test(hostOf(apiBase)) !== true;
  if (route.elsewhere !== undefined && (isAway || route.ids.length === 0)) {
    if (apiBase === undefined) return at.error(`needs api_base for ${prefix}/`) as undefined;
    providers[COMPATIBLE] = COMPATIBLE_ROW;
    return { id: COMPATIBLE, name, prefix, route };
  }
  const id = route.ids.find(isKnown);
  if (id !== undefined) return { id, name, prefix, route };
  if (route.row !== undefined) {
    providers[route.ids[0]!] = route.row;
    return { id: route.ids[0], name, prefix, route };
  }
  const why = Object.hasOwn(ABSENT_PREFIXES, prefix) ? ABSENT_PREFIXES[prefix] : undefined;
  if (why !== undefined) return at.in("model").error(`names the provider "${prefix}", which is not there: ${why}`) as undefined;
  at.in("model").error(
    `names the provider "${prefix}", which is not there${hint(prefix, Object.keys(PROVIDER_ROUTES))}. If it answers as OpenAI does, write ` +
      `openai/${name} with its api_base; in a file of ours it is added under providers, with codec and baseURL`,
  );
  return undefined;
}

let probe: Crosspoint | undefined;

function isKnown(id: string): boolean {
  try {
    (probe ??= createCrosspoint({ env: {} })).deployments(`${id}/any`);
    return true;
  } catch (error) {
    // A provider that only lacks its base URL is there.
    return !CrosspointError.is(error, "MODEL_NOT_FOUND");
  }
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? "";
}

function toBaseURL(apiBase: string, { path }: ProviderRoute, at: At): string | undefined {
  const url = URL.parse(apiBase);
  if (url === null || !/^https?:$/.test(url.protocol)) return at.error("must be a URL such as https://host/v1") as undefined;
  if (path !== undefined) return url.origin + path;
  return (url.origin + url.pathname).replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
}

/** A key that LiteLLM would find for itself. Others are not sent to an address of the file's own. */
function keyFor(prefix: string, { keyEnv }: ProviderRoute, { env }: Draft, at: At): string | undefined {
  const known = keyEnv?.find((name) => env[name] !== undefined);
  if (known !== undefined) return env[known];
  const usual = `${prefix.toUpperCase().replace(/\W/g, "_")}_API_KEY`;
  if (env[usual] !== undefined) at.warn(`has an api_base and no api_key: ${usual} is not sent there; write api_key: os.environ/${usual}`);
  return undefined;
}
