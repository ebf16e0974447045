import type { Cost } from "../ir/response.ts";
import type { Usage } from "../ir/usage.ts";
import { type Decimal, decimal, type Price, type Rates } from "./price.ts";

/** Lines of an invoice by their rates, the line whose rate stands in for a missing one, and whether that is a guess. */
const LINES = [
  ["input"],
  ["audioInput", 0, true],
  ["imageInput", 0],
  ["cacheRead", 0, true],
  ["audioCacheRead", 3, true],
  ["cacheWrite", 0, true],
  ["cacheWrite1h", 5, true],
  ["output"],
  ["reasoning", 7],
  ["audioOutput", 7, true],
  ["imageOutput", 7, true],
] as const satisfies readonly (readonly [rate: keyof Rates, standIn?: number, guess?: true])[];

/** The provider's words for the price class that needs no other price. */
const STANDARD = /^(?:default|standard|standard_only|auto|on[-_]demand)$/i;

interface Line {
  /** In units of `10^-digits` US dollars per million. */
  readonly rate: bigint;
  /** The same as a number; infinite where no number holds it. */
  readonly plainRate: number;
  readonly unitPrice: number;
  readonly guess: boolean;
}

/** A price in the form that it is computed with. */
interface Plan {
  readonly lines: readonly Line[];
  readonly tools: ReadonlyMap<string, Line>;
  /** Units in a billionth of a dollar, times a million tokens. */
  readonly unit: bigint;
  readonly plainUnit: number;
}

/** A line of the invoice while it is written. */
interface Item {
  readonly kind: string;
  readonly quantity: number;
  readonly unitPrice: number;
  amount: number;
}

const plans = new WeakMap<Price, Map<string, Plan | undefined>>();

/**
 * What a usage costs at a price. Money is counted in integers of exact decimal fractions; the exact sum is rounded once, half up,
 * to billionths of a US dollar, and the lines are rounded along with it so that they add up to the total. `undefined` when a rate
 * is no valid amount or a priced count is unknown; a free model costs 0. `estimated`: a rate, a service tier or a tool fee is
 * not known and was stood in for (an unknown tool fee is left out), or the usage itself is an estimate. What the provider says the call
 * cost wins over the table.
 */
export function costOf(options: {
  readonly price?: Price | undefined;
  readonly usage: Usage;
  readonly source?: "catalogue" | "override" | "refresh";
}): Cost | undefined {
  const { price, usage } = options;
  const reported = decimal(usage.reportedCost);
  if (reported !== undefined) return reportedCost(reported);
  if (price === undefined) return undefined;

  const counts = countLines(usage);
  const service = usage.serviceTier;
  const special = typeof service !== "string" || STANDARD.test(service) ? undefined : service.toLowerCase();
  const plan = planFor(price, special, usage.region, counts.inputTotal);
  if (plan === undefined) return undefined;

  const items: Item[] = [];
  const lines: Line[] = [];
  let estimated = usage.estimated === true || (special !== undefined && tierOf(price, special) === undefined);
  const add = (kind: string, quantity: number, line: Line): void => {
    items.push({ kind, quantity, unitPrice: line.unitPrice, amount: 0 });
    lines.push(line);
    estimated ||= line.guess;
  };

  for (let index = 0; index < plan.lines.length; index++) {
    const line = plan.lines[index]!;
    const quantity = counts.lines[index];
    if (quantity === undefined) {
      if (line.rate !== 0n) return undefined;
    } else if (quantity > 0) add(LINES[index]![0], quantity, line);
  }
  if (usage.serverTools !== undefined) {
    for (const [tool, given] of Object.entries(usage.serverTools)) {
      const quantity = count(given) ?? 0;
      const line = plan.tools.get(tool);
      if (quantity === 0) continue;
      if (line === undefined) estimated = true;
      else add(`tool:${tool}`, quantity, line);
    }
  }

  const nanoUsd = bill(items, lines, plan) ?? billLarge(items, lines, plan);
  const cost: { -readonly [K in keyof Cost]: Cost[K] } = { total: nanoUsd / 1e9, nanoUsd, items, source: options.source ?? "override" };
  if (price.date !== undefined) cost.date = price.date;
  if (estimated) cost.estimated = true;
  return cost;
}

/**
 * Writes the amounts and gives their sum in billionths. Plain numbers hold every integer up to 2^53, and floor their quotients exactly;
 * `undefined` for sums beyond.
 */
function bill(items: readonly Item[], lines: readonly Line[], { plainUnit: unit }: Plan): number | undefined {
  let exact = Math.floor(unit / 2);
  let billed = 0;
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    exact += item.quantity * lines[index]!.plainRate;
    if (exact > Number.MAX_SAFE_INTEGER) return undefined;
    const upTo = Math.floor(exact / unit);
    item.amount = (upTo - billed) / 1e9;
    billed = upTo;
  }
  return billed;
}

/** The same for any sum. */
function billLarge(items: readonly Item[], lines: readonly Line[], { unit }: Plan): number {
  let exact = unit / 2n;
  let billed = 0n;
  for (const [index, item] of items.entries()) {
    exact += BigInt(item.quantity) * lines[index]!.rate;
    const upTo = exact / unit;
    item.amount = Number(upTo - billed) / 1e9;
    billed = upTo;
  }
  return Number(billed);
}

function reportedCost({ n, digits }: Decimal): Cost {
  const unit = 10n ** BigInt(digits);
  const nanoUsd = Number((n * 2_000_000_000n + unit) / (unit * 2n));
  const total = nanoUsd / 1e9;
  const items = [{ kind: "reported", quantity: 1, unitPrice: toNumber(n, digits - 6), amount: total }];
  return { total, nanoUsd, items, source: "provider" };
}

function count(value: number | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.round(value)) : undefined;
}

/** The quantity of each line; `undefined` where the usage does not tell. */
function countLines({ input, output }: Usage): { readonly lines: readonly (number | undefined)[]; readonly inputTotal: number } {
  const read = count(input.cacheRead) ?? 0;
  const write = count(input.cacheWrite) ?? 0;
  const uncached = count(input.uncached) ?? left(count(input.total), read + write);
  const audio = Math.min(count(input.audio) ?? 0, uncached ?? 0);
  const image = Math.min(count(input.image) ?? 0, (uncached ?? 0) - audio);
  const readAudio = Math.min(count(input.cachedAudio) ?? 0, read);
  const hour = Math.min(count(input.cacheWriteByTtl?.["1h"]) ?? 0, write);
  const reasoning = count(output.reasoning) ?? 0;
  const spoken = count(output.audio) ?? 0;
  const drawn = count(output.image) ?? 0;
  const text = count(output.text) ?? left(count(output.total), reasoning + spoken + drawn);
  return {
    lines: [left(uncached, audio + image), audio, image, read - readAudio, readAudio, write - hour, hour, text, reasoning, spoken, drawn],
    inputTotal: (uncached ?? 0) + read + write,
  };
}

function left(total: number | undefined, taken: number): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - taken);
}

function tierOf(price: Price, service: string): NonNullable<Price["serviceTiers"]>[string] | undefined {
  const tiers = price.serviceTiers;
  return tiers !== undefined && Object.hasOwn(tiers, service) ? tiers[service] : undefined;
}

function planFor(price: Price, service: string | undefined, region: unknown, inputTotal: number): Plan | undefined {
  let known = plans.get(price);
  if (known === undefined) plans.set(price, (known = new Map()));
  const plain = service === undefined && region === undefined && price.tiers === undefined ? known.get("") : undefined;
  if (plain !== undefined) return plain;
  const tier = service === undefined ? undefined : tierOf(price, service);
  const { regions = {} } = price;
  const place = typeof region === "string" && Object.hasOwn(regions, region) ? region : undefined;
  const own = typeof tier === "object" ? tier : undefined;
  let above = -1;
  for (const one of (own ?? price).tiers ?? []) if (inputTotal > one.above && one.above > above) above = one.above;

  const key = above < 0 && tier === undefined && place === undefined ? "" : `${above} ${tier === undefined ? "" : service} ${place}`;
  if (known.has(key)) return known.get(key);
  const rates: Rates = { ...price, ...own, ...(own ?? price).tiers?.find((one) => one.above === above) };
  const plan = makePlan(rates, price.tools, [typeof tier === "number" ? tier : 1, place === undefined ? 1 : regions[place]!]);
  known.set(key, plan);
  return plan;
}

function makePlan(rates: Rates, tools: Price["tools"] = {}, [tier, place]: readonly [number, number]): Plan | undefined {
  const factor = decimal(place);
  const times = factor === undefined ? undefined : multiply(decimal(tier), factor);
  if (times === undefined) return undefined;
  const exact: { readonly price: Decimal; readonly guess: boolean }[] = [];
  for (const [key, standIn, guess] of LINES as readonly (readonly [keyof Rates, number?, true?])[]) {
    const own = rates[key];
    const other = own === undefined && standIn !== undefined ? exact[standIn] : undefined;
    const price = other === undefined ? multiply(decimal(own), times) : other.price;
    if (price === undefined) return undefined;
    exact.push({ price, guess: other !== undefined && (guess === true || other.guess) });
  }
  const fees: (readonly [string, Decimal])[] = [];
  for (const [tool, fee] of Object.entries(tools)) {
    const price = decimal(fee);
    if (price === undefined) return undefined;
    fees.push([tool, { n: price.n * 1_000_000n, digits: price.digits }]);
  }
  const digits = Math.max(3, ...exact.map(({ price }) => price.digits), ...fees.map(([, price]) => price.digits));
  const isPlain = digits < 18; // so that a number holds the unit and its half
  const line = (price: Decimal, guess = false): Line => {
    const rate = price.n * 10n ** BigInt(digits - price.digits);
    const plainRate = isPlain && rate <= Number.MAX_SAFE_INTEGER ? Number(rate) : Infinity;
    return { rate, plainRate, unitPrice: toNumber(price.n, price.digits), guess };
  };
  const unit = 10n ** BigInt(digits - 3);
  return {
    lines: exact.map(({ price, guess }) => line(price, guess)),
    tools: new Map(fees.map(([tool, price]) => [tool, line(price)])),
    unit,
    plainUnit: Number(unit),
  };
}

function multiply(left: Decimal | undefined, right: Decimal): Decimal | undefined {
  return left === undefined ? undefined : { n: left.n * right.n, digits: left.digits + right.digits };
}

/** The double nearest to `n / 10^digits`. */
function toNumber(n: bigint, digits: number): number {
  return Number(`${n}e${-digits}`);
}
