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

type Check = readonly [holds: (value: never) => boolean, expected: string];

const amount: Check = [(value: unknown) => typeof value === "number" && value >= 0 && value < Infinity, "a number of at least 0"];
const factor: Check = [(value: unknown) => typeof value === "number" && value > 0 && value < Infinity, "a number above 0"];
const whole: Check = [(value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0, "a whole number of at least 0"];
const text: Check = [(value: unknown) => typeof value === "string" && value.length <= 100, "a text of up to 100 characters"];
const oneOf = (words: string): Check => [(value: unknown) => words.split(", ").includes(value as string), `one of ${words}`];
const listOf = ([holds, expected]: Check): Check => [
  (value: readonly never[]) => Array.isArray(value) && value.every((each) => holds(each)),
  `a list: ${expected}`,
];

const UNITS = "minute, hour, day, week, month";
const isUnit = (value: unknown): boolean => UNITS.split(", ").includes(value as string);
const window: Check = [
  (value: unknown) => {
    if (typeof value !== "object" || value === null) return value === "lifetime" || isUnit(value);
    const { every, timeZone, rolling, ...rest } = value as { every?: unknown; timeZone?: string; rolling?: unknown };
    if (Object.keys(rest).length > 0) return false;
    if (every === undefined)
      return timeZone === undefined && (isUnit(rolling) || (Number.isSafeInteger(rolling) && Number(rolling) >= 1_000));
    if (rolling !== undefined) return false;
    try {
      return isUnit(every) && new Intl.DateTimeFormat("en", { timeZone }).format() !== "";
    } catch {
      return false;
    }
  },
  `one of ${UNITS}, lifetime, { every, timeZone } or { rolling } of at least a second`,
];
const words: Check = [
  (value: unknown) =>
    value === "*" || ([value].flat().every((each) => typeof each === "string" && each !== "*") && [value].flat().length > 0),
  'a text, a list of texts, or "*" by itself',
];
const shares: Check = [
  (value: unknown) => [value].flat().every((each) => typeof each === "number" && each > 0 && each <= 10),
  "a share of the limit as 0.8, or a list",
];
const fields = (names: string, check: Check): Readonly<Record<string, Check>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, check]));

const SCOPE = fields("user team project session key tag model provider", words);
const RULE = { id: text, expectedOutput: amount };
const BUDGET: Readonly<Record<string, Check>> = {
  ...RULE,
  limit: amount,
  unit: oneOf("usd, tokens, requests"),
  window,
  onExceed: oneOf("block, downgrade, alert"),
  to: text,
  alertAt: shares,
  unknownPrice: oneOf("block, allow"),
};
const LIMIT = { ...RULE, ...fields("rpm tpm parallel", whole) };
const OPTIONS: Readonly<Record<string, Check>> = {
  require: listOf(oneOf("user, team, project, session, key, tags")),
  store: [(value: unknown) => value === "memory" || typeof (value as Store | null)?.reserve === "function", 'a store, or "memory"'],
  retention: factor,
  ...fields("onAlert onSpend", [(value: unknown) => typeof value === "function", "a function"]),
};

/** Throws INVALID_OPTIONS that names the option at fault. */
export function checkSpendOptions(options: SpendOptions): void {
  const { budgets = [], limits = [], currency } = options;
  for (const [name, check] of Object.entries(OPTIONS)) expect(options[name as "retention"], check, name);
  if (currency !== undefined) checkFields(currency, { code: text, rate: factor }, "currency", ["code", "rate"]);
  for (const [name, rules, table] of [
    ["budgets", budgets, BUDGET],
    ["limits", limits, LIMIT],
  ] as const) {
    if (!Array.isArray(rules)) throw invalid(name, "a list");
    for (const [index, { scope, ...rule }] of (rules as readonly (BudgetOption | LimitOption | null)[])
      .map((each) => each ?? {})
      .entries()) {
      const at = `${name}[${index}]`;
      checkFields(rule, table, at, name === "budgets" ? ["limit"] : []);
      if (scope !== undefined) checkFields(scope, SCOPE, `${at}.scope`, []);
    }
  }
  for (const [index, { limit, unit = "usd", to, onExceed }] of budgets.entries()) {
    if (unit === "usd" && limit > 9e6) throw invalid(`budgets[${index}].limit`, "at most nine million dollars");
    if (unit !== "usd") expect(limit, whole, `budgets[${index}].limit`);
    if (to !== undefined && onExceed !== "downgrade") throw invalid(`budgets[${index}].to`, 'left out, or onExceed "downgrade"');
  }
  for (const [index, { rpm, tpm, parallel }] of limits.entries()) {
    if ((rpm ?? tpm ?? parallel) === undefined) throw invalid(`limits[${index}]`, "an object with rpm, tpm or parallel");
  }
}

function checkFields(value: object, table: Readonly<Record<string, Check>>, at: string, required: readonly string[]): void {
  if (typeof value !== "object" || value === null) throw invalid(at, "an object");
  for (const name of [...Object.keys(value), ...required]) {
    const check = Object.hasOwn(table, name) ? table[name]! : undefined;
    const given = (value as Readonly<Record<string, unknown>>)[name];
    if (check === undefined) throw invalid(`${at}.${name}`, `one of ${Object.keys(table).join(", ")}`);
    if (given !== undefined || required.includes(name)) expect(given ?? null, check, `${at}.${name}`);
  }
}

function expect(value: unknown, [holds, expected]: Check, param: string): void {
  if (value !== undefined && !holds(value as never)) throw invalid(param, expected);
}

function invalid(param: string, expected: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", `${param} must be ${expected}`, { param });
}
