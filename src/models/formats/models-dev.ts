import { isObject } from "../is-object.ts";
import { amountOf, type LongContextRates, type Price, type Rates } from "../price.ts";
import { type Fields, type ListedModel, present, type PriceList, type RefusedPrice, tokens } from "./list.ts";

/** Fields of US dollars for a million tokens. */
const RATES: Readonly<Record<string, keyof Rates>> = {
  input: "input",
  output: "output",
  cache_read: "cacheRead",
  cache_write: "cacheWrite",
  reasoning: "reasoning",
  input_audio: "audioInput",
  output_audio: "audioOutput",
};

interface Reader {
  readonly unused: Record<string, number>;
  fault: string | undefined;
}

/** The `api.json` of models.dev: providers, and their models. A price of 0 stands there for plans and previews too, and counts as unknown. */
export function readModelsDev(document: Fields): PriceList {
  const models: ListedModel[] = [];
  const refused: RefusedPrice[] = [];
  const unused: Record<string, number> = {};
  for (const [provider, entry] of Object.entries(document)) {
    if (!isObject(entry) || !isObject(entry["models"])) continue;
    for (const [id, model] of Object.entries(entry["models"])) {
      if (!isObject(model)) continue;
      const reader: Reader = { unused, fault: undefined };
      const price = isObject(model["cost"]) ? readCost(model["cost"], reader) : undefined;
      if (reader.fault !== undefined) {
        refused.push({ model: `${provider}/${id}`, reason: reader.fault });
        continue;
      }
      const limit = isObject(model["limit"]) ? model["limit"] : {};
      const takes = isObject(model["modalities"]) ? model["modalities"]["input"] : undefined;
      const facts = present({
        price,
        contextWindow: tokens(limit["context"]),
        maxOutput: tokens(limit["output"]),
        input: Array.isArray(takes) && takes.includes("image") ? (["image"] as const) : undefined,
        reasoning: typeof model["reasoning"] === "boolean" ? model["reasoning"] : undefined,
      });
      models.push({ provider, id, ...facts });
    }
  }
  return { format: "models.dev", models, refused, unused };
}

function readCost(cost: Fields, reader: Reader): Price | undefined {
  const { input, output, ...rates } = readRates(cost, reader);
  if (input === undefined || output === undefined || (input === 0 && output === 0)) return undefined;
  const tiers = new Map<number, LongContextRates>();
  for (const [field, value] of Object.entries(cost)) {
    const [, above] = /^context_over_(\d+)k$/.exec(field) ?? [];
    if (above !== undefined && isObject(value))
      tiers.set(Number(above) * 1_000, { above: Number(above) * 1_000, ...readRates(value, reader) });
    if (field !== "tiers" || !Array.isArray(value)) continue;
    for (const tier of value as readonly unknown[]) {
      if (!isObject(tier)) continue;
      const { size, tier: condition, ...rest } = tier;
      const from = tokens(size ?? (isObject(condition) ? condition["size"] : undefined));
      if (from === undefined) reader.unused["tiers"] = (reader.unused["tiers"] ?? 0) + 1;
      else tiers.set(from, { above: from, ...readRates(rest, reader) });
    }
  }
  return { input, output, ...rates, ...(tiers.size > 0 && { tiers: [...tiers.values()] }) };
}

function readRates(cost: Fields, reader: Reader): Partial<Rates> {
  const rates: { -readonly [K in keyof Rates]?: number } = {};
  for (const [field, value] of Object.entries(cost)) {
    if (value === null || value === undefined) continue;
    if (!Object.hasOwn(RATES, field)) {
      if (!/^context_over_\d+k$|^tiers$/.test(field)) reader.unused[field] = (reader.unused[field] ?? 0) + 1;
      continue;
    }
    const amount = amountOf(value);
    if (amount === undefined) reader.fault = `${field} is no amount: ${JSON.stringify(value).slice(0, 40)}`;
    else rates[RATES[field]!] = amount;
  }
  return rates;
}
