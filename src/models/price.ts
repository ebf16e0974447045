/** US dollars per million tokens, as price lists write them. A rate that is absent falls back as said. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** Default: `input`, and the cost counts as estimated. */
  readonly cacheRead?: number;
  /** Default: `input`, and the cost counts as estimated. */
  readonly cacheWrite?: number;
  /** Writes that last an hour. Default: `cacheWrite`, and the cost counts as estimated. */
  readonly cacheWrite1h?: number;
  /** Default: `input`, and the cost counts as estimated. */
  readonly audioInput?: number;
  /** Sound read from the cache. Default: `cacheRead`, and the cost counts as estimated. */
  readonly audioCacheRead?: number;
  /** Default: `output`, and the cost counts as estimated. */
  readonly audioOutput?: number;
  /** Default: `input`. */
  readonly imageInput?: number;
  /** Default: `output`, and the cost counts as estimated. */
  readonly imageOutput?: number;
  /** Default: `output`. */
  readonly reasoning?: number;
}

/** The rates of a whole request whose input, cached tokens included, is above so many tokens. */
export interface LongContextRates extends Partial<Rates> {
  readonly above: number;
}

/** What a model costs. */
export interface Price extends Rates {
  readonly currency?: "USD";
  /** US dollars per call of a tool that the provider runs. */
  readonly tools?: Readonly<Record<string, number>>;
  /** Long-context prices; rates that a tier leaves out stay as they are. The highest threshold that is passed counts. */
  readonly tiers?: readonly LongContextRates[];
  /**
   * By the provider's word for a service tier: a factor on all token rates, or rates of its own. Rates of its own hold at any
   * length unless they bring `tiers`.
   */
  readonly serviceTiers?: Readonly<Record<string, number | (Partial<Rates> & { readonly tiers?: readonly LongContextRates[] })>>;
  /** By the provider's word for the region that answered: a factor on all token rates. Other regions cost the plain rates. */
  readonly regions?: Readonly<Record<string, number>>;
  /** Where the price was read. */
  readonly source?: string;
  /** The day it was read, `YYYY-MM-DD`. */
  readonly date?: string;
}

/** A decimal number without error: `n / 10^digits`. */
export interface Decimal {
  readonly n: bigint;
  readonly digits: number;
}

/**
 * The number that a person wrote: the shortest decimal text of `value`, so that 0.15 is 15/100. `undefined` for what is no
 * amount: negative, not finite, no number, or with an exponent that no price has.
 */
export function decimal(value: unknown): Decimal | undefined {
  return typeof value === "number" ? parse(String(value)) : undefined;
}

function parse(text: string): Decimal | undefined {
  const found = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/.exec(text);
  if (found === null || text.length > 60) return undefined;
  const [, whole = "", part = "", exponent = "0"] = found;
  const digits = part.length - Number(exponent);
  const n = BigInt(whole + part);
  if (Math.abs(digits) > 40) return undefined;
  return digits >= 0 ? { n, digits } : { n: n * 10n ** BigInt(-digits), digits: 0 };
}

/** No price has more digits that mean something; what follows is the rounding of whoever computed it. */
const DIGITS = 12;

/**
 * An amount as lists write it, number or text, moved by so many decimal places: 1.5e-7 dollars for a token are 0.15 for a million (six places). No
 * arithmetic of doubles comes in. `undefined` for what is no amount.
 */
export function amountOf(value: unknown, places = 0): number | undefined {
  const found = parse(typeof value === "number" ? String(value) : typeof value === "string" ? value.trim().toLowerCase() : "");
  if (found === undefined) return undefined;
  const amount = Number(`${found.n}e${places - found.digits}`);
  return String(found.n).length > DIGITS ? Number(amount.toPrecision(DIGITS)) : amount;
}
