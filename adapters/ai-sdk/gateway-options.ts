import { CrosspointError, type CallOptions, type JSONObject, type ModelRequest, type Warning } from "crosspoint";
import { onlyProvider, type Addressee } from "./addressee.ts";
import { familyOf } from "./file-data.ts";
import { isObject } from "./part-state.ts";

type FromGateway = Pick<CallOptions, "attribution" | "apiKey" | "fallbacks" | "firstEventTimeout"> &
  Pick<ModelRequest, "serviceTier" | "cache">;

/** Promises about where data goes: a call that asks for one must not go on as if it were kept. */
const BINDING: readonly string[] = ["zeroDataRetention", "disallowPromptTraining", "headquarters"];

/**
 * The options of Vercel's gateway that the layer has: `models` (fallbacks), `user`, `tags`, `quotaEntityId`, `serviceTier`, `caching`, one key in
 * `byok`, and `providerTimeouts`. `order` and `only` hold as long as they name the model's own provider. Others give a warning, and
 * promises about data (`zeroDataRetention`, `disallowPromptTraining`, `headquarters`) are refused with UNSUPPORTED.
 */
export function readGatewayOptions(options: JSONObject, to: Addressee, warnings: Warning[]): FromGateway {
  const read: { -readonly [K in keyof FromGateway]?: FromGateway[K] } = {};
  const provider = onlyProvider(to, "provider") ?? "";
  const attribution: { user?: string; tags?: string[]; metadata?: Record<string, string> } = {};
  const warn = (key: string, details: string): void => {
    warnings.push({ type: "unsupported", feature: `providerOptions.gateway.${key}`, details });
  };
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    switch (key) {
      case "models": {
        const names = textsOf(value);
        if (names !== undefined && names.length === (value as unknown[]).length)
          read.fallbacks = names.filter((name) => name !== to.modelId);
        else warn(key, "only a list of model names is known");
        break;
      }
      case "user":
        if (typeof value === "string") attribution.user = value;
        break;
      case "tags":
        attribution.tags = textsOf(value) ?? [];
        break;
      case "quotaEntityId":
        if (typeof value === "string") attribution.metadata = { quotaEntityId: value };
        break;
      case "order":
      case "only":
        if (!isOwn(textsOf(value) ?? [], provider, key))
          warn(key, "a model string names its provider: list alternatives in the option models");
        break;
      case "serviceTier":
        if (typeof value === "string") read.serviceTier = value;
        break;
      case "caching":
        if (value === "auto") read.cache = {};
        break;
      case "byok": {
        const apiKey = ownKey(value, provider);
        if (apiKey !== undefined && options["models"] === undefined) read.apiKey = apiKey;
        else warn(key, "only one apiKey of the model's own provider, without fallbacks, is taken");
        break;
      }
      case "providerTimeouts": {
        const byok = isObject(value) && isObject(value["byok"]) ? value["byok"] : {};
        const own = Object.entries(byok).find(([name]) => familyOf(name) === familyOf(provider))?.[1];
        if (typeof own === "number") read.firstEventTimeout = own;
        else warn(key, `it has no time for ${provider === "" ? "a group of models" : provider}`);
        break;
      }
      default:
        if (BINDING.includes(key)) {
          throw new CrosspointError("UNSUPPORTED", `providerOptions.gateway.${key} cannot be promised here: choose the models by hand`, {
            param: `providerOptions.gateway.${key}`,
          });
        }
        warn(key, "Crosspoint has no such option");
    }
  }
  return Object.keys(attribution).length === 0 ? read : { ...read, attribution };
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}

function isOwn(providers: readonly string[], provider: string, key: "order" | "only"): boolean {
  const own = (name: string | undefined): boolean => name !== undefined && familyOf(name) === familyOf(provider);
  return key === "order" ? own(providers[0]) : providers.some(own);
}

/** The model's own provider must have just one credential, and that must be a key. */
function ownKey(value: unknown, provider: string): string | undefined {
  const credentials = isObject(value) && Object.hasOwn(value, provider) ? value[provider] : undefined;
  const only = Array.isArray(credentials) && credentials.length === 1 ? credentials[0] : undefined;
  return isObject(only) && typeof only["apiKey"] === "string" ? only["apiKey"] : undefined;
}
