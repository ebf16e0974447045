import { isObject } from "./is-object.ts";
import type { Rates } from "./price.ts";

const RATES = {
  input: 1,
  output: 1,
  cacheRead: 1,
  cacheWrite: 1,
  cacheWrite1h: 1,
  audioInput: 1,
  audioCacheRead: 1,
  audioOutput: 1,
  imageInput: 1,
  imageOutput: 1,
  reasoning: 1,
} as const satisfies Record<keyof Rates, 1>;
const TIER = { ...RATES, above: 1 };
const SERVICE_TIER = { ...RATES, tiers: 1 };
const PRICE = { ...SERVICE_TIER, currency: 1, tools: 1, serviceTiers: 1, regions: 1, source: 1, date: 1 };

/** What is wrong with a price that a user wrote, from the name of the field on; `undefined` when it can be meant. */
export function faultOf(price: unknown): string | undefined {
  return isObject(price) ? (required(price, ["input", "output"]) ?? fieldsFault(price, PRICE)) : AS_OBJECT;
}

const AS_OBJECT = " must be an object, as { input: 0.25, output: 2 }";

function required(value: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const name = names.find((each) => value[each] === undefined);
  return name === undefined ? undefined : `.${name} is missing`;
}

function fieldsFault(value: Readonly<Record<string, unknown>>, known: object): string | undefined {
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(known, name)) return `.${name} is unknown; there are: ${Object.keys(known).join(", ")}`;
    const fault = given === undefined ? undefined : fieldFault(name, given);
    if (fault !== undefined) return `.${name}${fault}`;
  }
  return undefined;
}

function fieldFault(name: string, given: unknown): string | undefined {
  if (name === "source" || name === "date") return typeof given === "string" ? undefined : " must be a text";
  if (name === "currency") return given === "USD" ? undefined : ' must be "USD": prices are in US dollars';
  if (name === "tiers") {
    if (!Array.isArray(given)) return " must be a list, as [{ above: 200000, input: 0.5 }]";
    return firstFault(given.entries(), (tier) => (isObject(tier) ? (required(tier, ["above"]) ?? fieldsFault(tier, TIER)) : AS_OBJECT));
  }
  if (name === "tools" || name === "regions" || name === "serviceTiers") {
    if (!isObject(given)) return " must be an object of numbers";
    const tier = (one: unknown): string | undefined =>
      name === "serviceTiers" && isObject(one) ? fieldsFault(one, SERVICE_TIER) : amountFault(one);
    return firstFault(Object.entries(given), tier);
  }
  return amountFault(given);
}

function firstFault(
  entries: Iterable<readonly [string | number, unknown]>,
  fault: (one: unknown) => string | undefined,
): string | undefined {
  for (const [key, one] of entries) {
    const found = fault(one);
    if (found !== undefined) return `[${JSON.stringify(key)}]${found}`;
  }
  return undefined;
}

function amountFault(value: unknown): string | undefined {
  const good = typeof value === "number" && value >= 0 && value < Infinity;
  return good ? undefined : ` must be a number of at least 0, not ${typeof value === "string" ? JSON.stringify(value) : String(value)}`;
}
