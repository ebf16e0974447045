import { isObject } from "../is-object.ts";
import { amountOf, type Price, type Rates } from "../price.ts";
import { type Fields, type ListedModel, present, type PriceList, type RefusedPrice, tokens } from "./list.ts";

/** Fields of US dollars for one token, by ours for a million. */
const RATES: Readonly<Record<string, keyof Rates>> = {
  input_cost_per_token: "input",
  output_cost_per_token: "output",
  cache_read_input_token_cost: "cacheRead",
  input_cost_per_token_cache_hit: "cacheRead",
  cache_creation_input_token_cost: "cacheWrite",
  cache_creation_input_token_cost_above_1hr: "cacheWrite1h",
  input_cost_per_audio_token: "audioInput",
  cache_read_input_audio_token_cost: "audioCacheRead",
  cache_read_input_token_cost_per_audio_token: "audioCacheRead",
  output_cost_per_audio_token: "audioOutput",
  input_cost_per_image_token: "imageInput",
  output_cost_per_image_token: "imageOutput",
  output_cost_per_reasoning_token: "reasoning",
};
const SERVICES: Readonly<Record<string, string>> = {
  _priority: "priority",
  _flex: "flex",
  _batches: "batch",
  _ultrafast: "ultrafast",
  _balanced: "balanced",
};
/** A rate, then the length from which it holds and the service tier, in either order. */
const FIELD = /^(.+?)(?:_above_(\d+)k_tokens)?(_priority|_flex|_batches|_ultrafast|_balanced)?(?:_above_(\d+)k_tokens)?$/;
const ABOUT_MONEY = /cost|price|pricing|multiplier/;

/** Its labels of providers, where another word is usual. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^vertex_ai/, "google-vertex"],
  [/^bedrock/, "amazon-bedrock"],
  [/^text-completion-openai$/, "openai"],
  [/^cohere_chat$/, "cohere"],
  [/^azure_text$/, "azure"],
];

type Draft = { -readonly [K in keyof Rates]?: number };
interface Parts {
  readonly plain: Draft;
  /** By threshold. */
  readonly tiers: Map<number, Draft>;
}

/** LiteLLM's price map: one object a model, in dollars for one token. A price of 0 stands there for free and for unknown alike, and counts as unknown. */
export function readLitellm(document: Fields): PriceList {
  const models: ListedModel[] = [];
  const refused: RefusedPrice[] = [];
  const unused: Record<string, number> = {};
  for (const [key, entry] of Object.entries(document)) {
    if (key === "sample_spec" || !isObject(entry) || typeof entry["litellm_provider"] !== "string") continue;
    const label = entry["litellm_provider"];
    const provider = PROVIDERS.find(([pattern]) => pattern.test(label))?.[1] ?? label;
    const id = key.startsWith(`${label}/`) ? key.slice(label.length + 1) : key.replace(/^(?:vertex_ai|bedrock|cohere|azure)\//, "");
    const read = readLitellmPrice(entry);
    for (const field of read.unused) unused[field] = (unused[field] ?? 0) + 1;
    if (read.fault !== undefined) refused.push({ model: `${provider}/${id}`, reason: read.fault });
    else {
      const { price } = read;
      const facts = present({
        price: price?.input === 0 && price.output === 0 ? undefined : price,
        contextWindow: tokens(entry["max_input_tokens"]),
        maxOutput: tokens(entry["max_output_tokens"]),
        input: entry["supports_vision"] === true ? (["image"] as const) : undefined,
        reasoning: entry["supports_reasoning"] === true ? true : undefined,
      });
      models.push({ provider, id, ...facts });
    }
  }
  return { format: "litellm", models, refused, unused };
}

/** What LiteLLM's fields of one model say of its price. */
export interface LitellmPrice {
  /** Absent where the rates of input and output are not both there. */
  readonly price?: Price;
  /** Fields that have to do with prices and have no place in ours. */
  readonly unused: ReadonlySet<string>;
  /** What is wrong with an amount. */
  readonly fault?: string;
}

/** Reads `input_cost_per_token` and the other fields of LiteLLM's price map, which its config files have too: dollars for one token. */
export function readLitellmPrice(entry: Fields): LitellmPrice {
  const reader: Reader = { unused: new Set(), fault: undefined };
  const price = readPrice(entry, reader);
  const { unused, fault } = reader;
  return { unused, ...(price !== undefined && { price }), ...(fault !== undefined && { fault }) };
}

interface Reader {
  readonly unused: Set<string>;
  fault: string | undefined;
}

function readPrice(entry: Fields, reader: Reader): Price | undefined {
  const services = new Map<string, Parts>([["", newParts()]]);
  const extras: { tools?: Record<string, number>; regions?: Record<string, number> } = {};
  const factors: Record<string, number> = {};
  for (const [field, value] of Object.entries(entry)) {
    if (value === null || value === undefined) continue;
    const [, base = "", above1, service = "", above2] = FIELD.exec(field) ?? [];
    const rate = Object.hasOwn(RATES, base) ? RATES[base]! : undefined;
    if (rate !== undefined) {
      const amount = amountOf(value, 6);
      if (amount === undefined) reader.fault = `${field} is no amount: ${JSON.stringify(value).slice(0, 40)}`;
      else if (rate !== "reasoning" || amount > 0)
        set(services, SERVICES[service] ?? "", Number(above1 ?? above2 ?? 0) * 1_000, rate, amount);
    } else if (field === "search_context_cost_per_query" && isObject(value)) {
      const fees = new Set(Object.values(value).map((fee) => amountOf(fee)));
      const [fee] = fees;
      // One fee for a search: prices that depend on how much is searched have no place here.
      if (fees.size === 1 && fee !== undefined) extras.tools = { ...extras.tools, web_search: fee };
      else reader.unused.add(field);
    } else if (field === "file_search_cost_per_1k_calls") {
      const fee = amountOf(value, -3);
      if (fee !== undefined) extras.tools = { ...extras.tools, file_search: fee };
    } else if (field === "provider_specific_entry" && isObject(value)) {
      for (const [name, factor] of Object.entries(value)) {
        const times = amountOf(factor);
        if (times === undefined) reader.unused.add(`${field}.${name}`);
        else if (/^[a-z]{2}$/.test(name)) extras.regions = { ...extras.regions, [name]: times };
        else factors[name] = times;
      }
    } else if (ABOUT_MONEY.test(field)) reader.unused.add(field);
  }
  const { plain, tiers } = services.get("")!;
  const { input, output = entry["mode"] === "embedding" || entry["mode"] === "rerank" ? 0 : undefined } = plain;
  if (input === undefined || output === undefined) return undefined;
  const price: Price = { ...plain, input, output, ...extras, ...(tiers.size > 0 && { tiers: toTiers(tiers) }) };
  const own = [...services].filter(([name]) => name !== "");
  if (own.length === 0 && Object.keys(factors).length === 0) return price;
  return { ...price, serviceTiers: { ...factors, ...Object.fromEntries(own.map(([name, parts]) => [name, toService(parts, price)])) } };
}

const newParts = (): Parts => ({ plain: {}, tiers: new Map() });

function set(services: Map<string, Parts>, service: string, above: number, rate: keyof Rates, amount: number): void {
  let parts = services.get(service);
  if (parts === undefined) services.set(service, (parts = newParts()));
  let draft = above === 0 ? parts.plain : parts.tiers.get(above);
  if (draft === undefined) parts.tiers.set(above, (draft = {}));
  draft[rate] = amount;
}

function toTiers(tiers: ReadonlyMap<number, Draft>): NonNullable<Price["tiers"]> {
  return [...tiers].map(([above, rates]) => ({ above, ...rates }));
}

/** What a tier leaves out is, at every length, as in the plain price. */
function toService({ plain, tiers }: Parts, price: Price): NonNullable<Price["serviceTiers"]>[string] {
  const longer = new Map((price.tiers ?? []).map(({ above, ...rates }) => [above, rates as Draft]));
  for (const [above, rates] of tiers) longer.set(above, { ...longer.get(above), ...rates });
  // Where only the short lengths have a price of their own, the long ones cost what they always do.
  return { ...plain, ...(longer.size > 0 && { tiers: toTiers(longer) }) };
}
