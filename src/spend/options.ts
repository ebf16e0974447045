import { CrosspointError } from "../ir/error.ts";
import type { Store } from "./store.ts";
import type { BudgetWindow } from "./window.ts";

/**
 * Whom a budget or limit counts: calls that match in every field. A list matches any of its words and counts them together; `"*"` counts each
 * value by itself (each user, each tag). Calls that lack a field named do not count. `model` is the name asked for, or `provider/model` or the
 * model of who answers.
 */
export interface SpendScope {
  readonly user?: string | readonly string[];
  readonly team?: string | readonly string[];
  readonly project?: string | readonly string[];
  readonly session?: string | readonly string[];
  readonly key?: string | readonly string[];
  readonly tag?: string | readonly string[];
  readonly model?: string | readonly string[];
  readonly provider?: string | readonly string[];
}

export interface BudgetOption {
  /** Names the budget in errors and alerts, and its counters in the store. Default: made of scope, unit and window. */
  readonly id?: string;
  /** Default: every call. */
  readonly scope?: SpendScope;
  /** US dollars, tokens or calls, as `unit` says; up to nine million dollars. */
  readonly limit: number;
  /** Default `usd`. */
  readonly unit?: "usd" | "tokens" | "requests";
  /** Default `month`. */
  readonly window?: BudgetWindow;
  /**
   * `block` refuses a call that might pass the limit; `downgrade` sends it to another model, and lets that one pass the limit; `alert` only
   * tells. Default `block`.
   */
  readonly onExceed?: "block" | "downgrade" | "alert";
  /** The model that a downgraded call goes to. Default: the cheapest of the `models` option that can take the call. */
  readonly to?: string;
  /** Shares of the limit at which `onAlert` hears of it, as 0.8; `alert` budgets tell at 1 besides. */
  readonly alertAt?: number | readonly number[];
  /** Output tokens to reserve for a call without `maxOutputTokens`. Default: the most that the model writes, or 8,192 where that is unknown. */
  readonly expectedOutput?: number;
  /** What happens to a call to a model without a known price. Default: `block` when the budget blocks, else `allow`, which counts it as 0. */
  readonly unknownPrice?: "block" | "allow";
}

export interface LimitOption {
  readonly id?: string;
  /** Default: every call. */
  readonly scope?: SpendScope;
  /** Calls within the last minute. */
  readonly rpm?: number;
  /** Tokens, input and output, within the last minute. */
  readonly tpm?: number;
  /** Calls that run at the same time. */
  readonly parallel?: number;
  /** As for budgets; counts for `tpm`. */
  readonly expectedOutput?: number;
}

/** What a budget has to tell. Each is told once a window. */
export interface SpendAlert {
  /** `threshold`: a share of the limit is used; `store`: the store fails, and what it could not take is kept and tried again. */
  readonly type: "threshold" | "store";
  readonly budget?: string;
  /** Whom it counts, by field. */
  readonly scope?: Readonly<Record<string, string>>;
  /** The share that was reached. */
  readonly share?: number;
  /** In the budget's unit. */
  readonly used?: number;
  readonly limit?: number;
  readonly unit?: "usd" | "tokens" | "requests";
  readonly error?: unknown;
}

export interface SpendOptions {
  /** Caps on what calls cost, use or number. Several can hold for one call; all must fit. */
  readonly budgets?: readonly BudgetOption[];
  /** Caps on calls and tokens a minute and on parallel calls. A call above one fails with RATE_LIMITED and the time to wait. */
  readonly limits?: readonly LimitOption[];
  /** Where counters and the spend log are kept. Default `memory`, as soon as there is a budget or limit; otherwise nothing is kept. */
  readonly store?: Store | "memory";
  /** The attribution that every call must have: a call without is refused. */
  readonly require?: readonly ("user" | "team" | "project" | "session" | "key" | "tags")[];
  /** Shows money in another currency beside the exact dollars: units of it for one dollar. */
  readonly currency?: { readonly code: string; readonly rate: number };
  /** Milliseconds that the spend log keeps a call. Default: for ever; `memory` keeps the newest 10,000 calls. */
  readonly retention?: number;
  /** Hears when a budget reaches a share of its limit. What it throws is swallowed. */
  readonly onAlert?: (alert: SpendAlert) => void | Promise<void>;
}

const SCOPE = new Set(["user", "team", "project", "session", "key", "tag", "model", "provider"]);
const REQUIRED = new Set(["user", "team", "project", "session", "key", "tags"]);

/** Throws INVALID_OPTIONS that names the option at fault. */
export function checkSpendOptions({ budgets, limits, store, require, currency, retention, onAlert }: SpendOptions): void {
  expect(require === undefined || (Array.isArray(require) && require.every((each) => REQUIRED.has(each))), "require", `a list of ${[...REQUIRED].join(", ")}`); // oxfmt-ignore
  expect(store === undefined || store === "memory" || (typeof store === "object" && typeof store?.reserve === "function"), "store", 'a store, or "memory"'); // oxfmt-ignore
  expect(
    currency === undefined || (typeof currency?.code === "string" && isAmount(currency.rate) && currency.rate > 0),
    "currency",
    "{ code, rate } with a rate above 0",
  );
  expect(retention === undefined || isAmount(retention), "retention", "a number of milliseconds");
  expect(onAlert === undefined || typeof onAlert === "function", "onAlert", "a function");
  for (const [index, budget] of list(budgets, "budgets").entries()) {
    const at = `budgets[${index}]`;
    checkRule(budget, BUDGET, at);
    expect(isAmount(budget.limit) && budget.limit <= 9e6 * (budget.unit === "tokens" ? 1e9 : 1), `${at}.limit`, "a number of at least 0, up to nine million dollars"); // oxfmt-ignore
    expect(oneOf(budget.unit, "usd", "tokens", "requests"), `${at}.unit`, "usd, tokens or requests");
    expect(oneOf(budget.onExceed, "block", "downgrade", "alert"), `${at}.onExceed`, "block, downgrade or alert");
    expect(oneOf(budget.unknownPrice, "block", "allow"), `${at}.unknownPrice`, "block or allow");
    expect(isWindow(budget.window ?? "month"), `${at}.window`, `one of ${UNITS.join(", ")}, lifetime, { every, timeZone? } or { rolling }, at least a second`); // oxfmt-ignore
    const shares: readonly unknown[] = [budget.alertAt ?? []].flat();
    expect(shares.every((share) => isAmount(share) && share > 0), `${at}.alertAt`, "shares of the limit, as 0.8"); // oxfmt-ignore
    expect(budget.to === undefined || typeof budget.to === "string", `${at}.to`, "a model");
  }
  for (const [index, limit] of list(limits, "limits").entries()) {
    const at = `limits[${index}]`;
    checkRule(limit, LIMIT, at);
    const caps = [limit.rpm, limit.tpm, limit.parallel].filter((each) => each !== undefined);
    expect(caps.length > 0 && caps.every(isAmount), at, "an object with rpm, tpm or parallel, numbers of at least 0");
  }
}

const BUDGET = new Set(["id", "scope", "expectedOutput", "limit", "unit", "window", "onExceed", "to", "alertAt", "unknownPrice"]);
const LIMIT = new Set(["id", "scope", "expectedOutput", "rpm", "tpm", "parallel"]);

function checkRule(rule: BudgetOption | LimitOption, fields: ReadonlySet<string>, at: string): void {
  expect(typeof rule === "object" && rule !== null, at, "an object");
  for (const field of Object.keys(rule)) expect(fields.has(field), `${at}.${field}`, `one of ${[...fields].join(", ")}`);
  expect(rule.id === undefined || (typeof rule.id === "string" && rule.id.length <= 100), `${at}.id`, "a text of up to 100 characters");
  expect(rule.expectedOutput === undefined || isAmount(rule.expectedOutput), `${at}.expectedOutput`, "a number of tokens");
  const { scope = {} } = rule;
  expect(typeof scope === "object" && scope !== null, `${at}.scope`, "an object");
  for (const [field, value] of Object.entries(scope) as [string, unknown][]) {
    expect(SCOPE.has(field), `${at}.scope.${field}`, `one of ${[...SCOPE].join(", ")}`);
    const words: readonly unknown[] = Array.isArray(value) ? value : [value];
    expect(words.length > 0 && words.every((word) => typeof word === "string"), `${at}.scope.${field}`, "a text or a list of texts");
  }
}

function list<T>(value: readonly T[] | undefined, param: string): readonly T[] {
  expect(value === undefined || Array.isArray(value), param, "a list");
  return value ?? [];
}

const UNITS: readonly unknown[] = ["minute", "hour", "day", "week", "month"];

function isWindow(window: unknown): boolean {
  if (typeof window !== "object" || window === null) return window === "lifetime" || UNITS.includes(window);
  const { every, timeZone, rolling } = window as { every?: unknown; timeZone?: string; rolling?: unknown };
  if (every === undefined) return UNITS.includes(rolling) || (Number.isSafeInteger(rolling) && Number(rolling) >= 1_000);
  try {
    return UNITS.includes(every) && new Intl.DateTimeFormat("en", { timeZone }).format() !== "";
  } catch {
    return false;
  }
}

function oneOf(value: unknown, ...words: readonly string[]): boolean {
  return value === undefined || words.includes(value as string);
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function expect(holds: boolean, param: string, expected: string): asserts holds {
  if (!holds) throw new CrosspointError("INVALID_OPTIONS", `${param} must be ${expected}`, { param });
}
