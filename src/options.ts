import type { UnsupportedPolicy } from "./ir/index.ts";
import { CrosspointError } from "./ir/error.ts";
import type { Crosspoint } from "./layer.ts";
import { type CatalogueOptions, checkPriceOptions } from "./models/options.ts";
import type { Price } from "./models/price.ts";
import type { ProviderSettings } from "./providers/provider.ts";
import type { ModelGroupOption } from "./router/groups.ts";
import { checkRouting, wrong, type RoutingOptions } from "./router/options.ts";
import type { Attribution } from "./spend/attribution.ts";
import { checkSpendOptions, type SpendOptions } from "./spend/options.ts";
import type { OnSpend } from "./spend/row.ts";
import type { Logger } from "./telemetry/logger.ts";
import { checkTelemetryOptions, type TelemetryOptions } from "./telemetry/options.ts";
import type { Clock } from "./transport/clock.ts";

/** The fields of a client's wire that say who asks. */
export type ForwardField = "user" | "safetyIdentifier" | "metadata";

/** Bounds of the memory for responses; what was used longest ago goes first. */
export interface ResponseStoreOptions {
  /** Default 10,000. */
  readonly maxEntries?: number;
  /** Questions and answers together, two bytes for each character of their JSON. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds from the last use of a response. Default 24 hours. */
  readonly ttl?: number;
}

/** What `createCrosspoint` takes. Every field is optional: with none, keys come from the environment. */
export interface CrosspointOptions extends SpendOptions, RoutingOptions {
  /** Settings of known providers by id, and providers of your own. */
  readonly providers?: Readonly<Record<string, ProviderSettings>>;
  /** Names your code uses, each for a model string or a group of deployments. `provider/model` needs no entry. */
  readonly models?: Readonly<Record<string, string | ModelGroupOption>>;
  /** The name that answers for every name that is neither in `models` nor a model string. Default: such a name is an error. */
  readonly defaultModel?: string;
  /** US dollars per million tokens, by `provider/model`; they win over the catalogue. */
  readonly prices?: Readonly<Record<string, Price>>;
  /** A price list that is loaded at run time and put over what the package brings. Default: none, nothing is downloaded. */
  readonly catalogue?: CatalogueOptions;
  /** Further tries of a call after its first. Default 2. */
  readonly retries?: number;
  /** Milliseconds for the whole call, attempts together; as of all times, `Infinity` is no bound, and 0 is refused. Default 600,000. */
  readonly deadline?: number;
  /** Milliseconds for one attempt at a whole answer. Default 300,000. */
  readonly timeout?: number;
  /** Milliseconds until a stream shows something. Default 60,000. */
  readonly firstEventTimeout?: number;
  /** Milliseconds of silence within a stream. Default 60,000. */
  readonly idleTimeout?: number;
  /**
   * Tokens that a stream must show in a second, about, once it has begun: one that is slower for ten seconds ends with TIMEOUT, and `recovery` says
   * what follows. Default: no bound.
   */
  readonly minTokensPerSecond?: number;
  /** What happens to a setting that the target cannot take. Default `warn`. */
  readonly unsupported?: UnsupportedPolicy;
  /** Attribution of every call. */
  readonly attribution?: Attribution;
  /**
   * Which of the fields that a client sends through `fetch` reach the provider too. Default none: they only attribute the call. What
   * `generate` is given in these fields is always sent.
   */
  readonly forward?: readonly ForwardField[];
  /** Hears of every call when it is over: tokens, cost, attribution, attempts. */
  readonly onSpend?: OnSpend;
  /** What OpenTelemetry gets of every call, where the program has an SDK of it. `false`: nothing. */
  readonly telemetry?: TelemetryOptions | false;
  /** Gets a line for every call, and warnings: never prompts, answers or keys. Default: none. */
  readonly logger?: Logger;
  /** Signs opaque state that travels through clients of another wire. Default: random, so that it holds within this process. */
  readonly envelopeSecret?: string;
  /** Milliseconds that such state holds; later it is left out with a warning. Default 30 days. */
  readonly envelopeTtl?: number;
  /**
   * Where the responses of the Responses API are kept, so that `previous_response_id` works with every provider. Default: in memory, within these
   * bounds. `false` keeps none.
   */
  readonly responseStore?: ResponseStoreOptions | false;
  /**
   * A layer that this one follows: it goes on with what that one keeps in memory (responses, the signing secret, how deployments fare, the spend of
   * a store in memory). Close the other when its last call is over. The bounds of `responseStore` stay as they were.
   */
  readonly continues?: Crosspoint;
  /** Largest body that `fetch` accepts, in bytes. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Replaces the network. Default: `node:http` on Node, the platform's `fetch` elsewhere. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where keys are looked up. Default `process.env`, where there is one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const OPTIONS = new Set(
  [
    "providers models defaultModel prices catalogue retries deadline timeout firstEventTimeout idleTimeout unsupported attribution forward onSpend envelopeSecret",
    "envelopeTtl responseStore maxBodyBytes fetch env clock random budgets limits store require currency retention onAlert telemetry logger",
    "strategy fallbacks recovery hedge minTokensPerSecond hidden cooldown shareHealth continues",
  ]
    .join(" ")
    .split(" "),
);

const COUNTS = ["retries", "deadline", "timeout", "firstEventTimeout", "idleTimeout", "minTokensPerSecond", "maxBodyBytes", "envelopeTtl"];
/** In which 0 would let nothing happen at all. */
const TIMES: ReadonlySet<string> = new Set(["deadline", "timeout", "firstEventTimeout", "idleTimeout"]);
const STORE_COUNTS = ["maxEntries", "maxBytes", "ttl"];

/** Throws INVALID_OPTIONS that names the option at fault. */
export function checkOptions(options: CrosspointOptions): void {
  if ((Promise as { withResolvers?: unknown }).withResolvers === undefined)
    throw new CrosspointError("INVALID_OPTIONS", "crosspoint needs Node 22.18 or newer, or another runtime that has Promise.withResolvers");
  if (typeof options !== "object" || options === null) throw new CrosspointError("INVALID_OPTIONS", "the options must be an object");
  for (const key of Object.keys(options)) {
    if (!OPTIONS.has(key))
      throw new CrosspointError("INVALID_OPTIONS", `unknown option "${key}"; there are: ${[...OPTIONS].join(", ")}`, { param: key });
  }
  const { models } = options;
  if (models !== undefined && (typeof models !== "object" || models === null || Array.isArray(models)))
    throw wrong("models", "must be an object: each name with a model, or with a group of deployments");
  if (models !== undefined && Object.hasOwn(models, "")) throw wrong("models", "has an entry without a name");
  checkCounts(options);
  checkPolicy(options.unsupported);
  checkRouting(options);
  checkPriceOptions(options);
  checkSpendOptions(options);
  checkTelemetryOptions(options.telemetry);
  if (options.logger !== undefined && typeof options.logger?.debug !== "function") {
    throw new CrosspointError("INVALID_OPTIONS", "logger must have debug and warn", { param: "logger" });
  }
  const { responseStore } = options;
  if (responseStore === undefined || responseStore === false) return;
  if (typeof responseStore !== "object" || responseStore === null) {
    throw new CrosspointError("INVALID_OPTIONS", "responseStore must be an object or false", { param: "responseStore" });
  }
  checkCounts(responseStore, STORE_COUNTS);
}

/** Throws INVALID_OPTIONS for a number that is none. Cheap enough for every call. */
export function checkCounts(options: object, keys: readonly string[] = COUNTS): void {
  for (const key of keys) {
    const value = (options as Readonly<Record<string, string | number | undefined>>)[key];
    if (value === undefined || (typeof value === "number" && value > 0 && (key !== "retries" || value % 1 === 0))) continue;
    const isTime = TIMES.has(key);
    if (value === 0 && !isTime) continue;
    const what = isTime ? "number above 0 (Infinity: no bound)" : `${key === "retries" ? "whole " : ""}number of at least 0`;
    throw wrong(key, `must be a ${what}, not ${typeof value === "string" ? `"${value}"` : String(value)}`);
  }
}

export function checkPolicy(policy: unknown): void {
  if (policy !== undefined && policy !== "warn" && policy !== "drop" && policy !== "error") {
    throw new CrosspointError("INVALID_OPTIONS", `unsupported must be "warn", "drop" or "error", not ${JSON.stringify(policy)}`, {
      param: "unsupported",
    });
  }
}
