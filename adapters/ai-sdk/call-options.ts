import { CrosspointError } from "crosspoint";
import type { Attribution, CallRequest, JSONObject, ProviderOptions, Warning } from "crosspoint";
import { onlyProvider, type Addressee } from "./addressee.ts";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { familyOf } from "./file-data.ts";
import { readGatewayOptions } from "./gateway-options.ts";
import { liftOptions } from "./lift-options.ts";
import { isObject, KEY } from "./part-state.ts";
import type { OptionsInput } from "./types.ts";

const FIELDS: ReadonlySet<string> = new Set(
  (
    "attribution apiKey retries deadline timeout firstEventTimeout idleTimeout fallbacks unsupported reasoning parallelToolCalls verbosity " +
    "serviceTier promptCacheKey cache user safetyIdentifier metadata store logprobs topLogprobs logitBias modalities"
  ).split(" "),
);

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

/** The part of a call that comes from `providerOptions`. */
export interface ReadOptions {
  readonly call: Mutable<CrosspointCallOptions>;
  /** The answer's JSON must fit its schema exactly; absent when nothing was said. */
  readonly strict?: boolean;
  /** What goes to one provider as it is. */
  readonly providerOptions?: ProviderOptions;
  readonly warnings: Warning[];
}

/**
 * Reads `providerOptions`: those of the layer, those of Vercel's gateway, and those of the AI SDK's own providers, which become settings
 * of the layer where it has the same, so that they hold wherever the call goes. `crosspoint` wins over `gateway`, both over a provider's.
 */
export function readOptions(options: OptionsInput | undefined, to: Addressee, defaults: CrosspointCallOptions | undefined): ReadOptions {
  const warnings: Warning[] = [];
  const call: Mutable<CrosspointCallOptions> = { ...defaults };
  if (options === undefined) return { call, warnings };
  const { [KEY]: own, gateway, ...others } = options;
  const rest: Record<string, JSONObject> = {};
  const named = onlyProvider(to, "family");
  const providers: readonly (string | undefined)[] = Object.keys(others).map(familyOf);
  let strict: boolean | undefined;
  for (const [provider, fields] of Object.entries(others)) {
    if (!isObject(fields)) continue;
    // A call that names its provider takes the settings of that one alone; a group takes what any of them says.
    const meant = !providers.includes(named) || familyOf(provider) === named;
    const lifted = liftOptions(provider, fields);
    if (meant) {
      Object.assign(call, lifted.call);
      strict = lifted.strict ?? strict;
    }
    if (Object.keys(lifted.rest).length > 0) rest[provider] = lifted.rest;
  }
  if (isObject(gateway)) merge(call, readGatewayOptions(gateway, to, warnings));
  if (isObject(own)) {
    const known: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(own)) {
      if (FIELDS.has(key)) known[key] = checkOption(key, value);
      else warnings.push({ type: "unsupported", feature: `providerOptions.${KEY}.${key}`, details: "no such option" });
    }
    merge(call, known as CrosspointCallOptions);
  }
  return {
    call,
    warnings,
    ...(strict === undefined ? undefined : { strict }),
    ...(Object.keys(rest).length === 0 ? undefined : { providerOptions: rest }),
  };
}

/** Numbers, policies and attribution are checked by the layer itself. */
function checkOption(key: string, value: unknown): unknown {
  const fits =
    value === undefined ||
    ((key === "fallbacks" ? Array.isArray(value) && value.every((each) => typeof each === "string") : true) &&
      (key === "reasoning" || key === "cache" || key === "metadata" || key === "logitBias" ? isObject(value) : true) &&
      (key === "apiKey" ? typeof value === "string" : true));
  if (!fits) throw new CrosspointError("INVALID_OPTIONS", `providerOptions.${KEY}.${key} is of the wrong type`, { param: key });
  return value;
}

function merge(call: Mutable<CrosspointCallOptions>, over: CrosspointCallOptions): void {
  const { attribution, ...rest } = over;
  Object.assign(call, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)));
  if (attribution !== undefined) call.attribution = joinAttribution(call.attribution, attribution);
}

/** Fields are replaced, tags and metadata are joined; what is wrong is left for the layer to refuse. */
function joinAttribution(outer: Attribution | undefined, inner: Attribution): Attribution {
  if (outer === undefined || typeof inner !== "object" || inner === null) return inner;
  return {
    ...outer,
    ...inner,
    ...(Array.isArray(outer.tags) && Array.isArray(inner.tags) ? { tags: [...new Set([...outer.tags, ...inner.tags])] } : undefined),
    ...(outer.metadata === undefined || inner.metadata === undefined ? undefined : { metadata: { ...outer.metadata, ...inner.metadata } }),
  };
}

/** Lays the settings over a request; those that the AI SDK has a field of its own for win. */
export function withOptions(request: CallRequest, { call, providerOptions }: ReadOptions): CallRequest {
  const { reasoning } = request;
  return {
    ...call,
    ...request,
    ...(reasoning === undefined || call.reasoning === undefined ? undefined : { reasoning: { ...call.reasoning, ...reasoning } }),
    ...(providerOptions === undefined ? undefined : { providerOptions }),
  };
}
