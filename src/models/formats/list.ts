import type { Price } from "../price.ts";

/** The forms of price lists that can be read: our own, LiteLLM's `model_prices_and_context_window.json`, the `api.json` of models.dev. */
export type PriceFormat = "crosspoint" | "litellm" | "models.dev";

/** A model as a list has it. */
export interface ListedModel {
  readonly provider: string;
  readonly id: string;
  readonly price?: Price;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly maxOutput?: number;
  readonly input?: readonly "image"[];
  readonly reasoning?: boolean;
}

/** An entry that was not taken. */
export interface RefusedPrice {
  /** `provider/model`. */
  readonly model: string;
  readonly reason: string;
}

/** What a list says, in our terms. */
export interface PriceList {
  readonly format: PriceFormat;
  /** The day of the list, `YYYY-MM-DD`, where it says. */
  readonly date?: string;
  readonly models: readonly ListedModel[];
  readonly refused: readonly RefusedPrice[];
  /** Fields that have to do with prices and have no place in ours, with the number of models that have them. */
  readonly unused: Readonly<Record<string, number>>;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A count of tokens that can be meant. */
export function tokens(value: unknown): number | undefined {
  const count = typeof value === "string" ? Number(value) : value;
  return Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : undefined;
}

/** The object without what is `undefined`. */
export function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
