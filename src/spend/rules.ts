import type { BudgetOption, LimitOption, SpendOptions, SpendScope } from "./options.ts";
import type { Hold } from "./store.ts";
import { createWindow, type Window } from "./window.ts";

export type RuleUnit = "usd" | "tokens" | "requests" | "parallel";

/** A budget or limit as calls are held against it. */
export interface Rule {
  readonly id: string;
  /** The one counter of a rule that counts all its calls together. */
  readonly whole: readonly string[];
  readonly unit: RuleUnit;
  /** Billionths of a US dollar, or a whole number of the unit. */
  readonly limit: number;
  readonly window: Window;
  readonly scope: readonly (readonly [field: keyof SpendScope, wanted: string | readonly string[]])[];
  /** Its scope names who answers: another deployment may do where this one is refused. */
  readonly local: boolean;
  readonly onExceed: "block" | "downgrade" | "alert" | "limit";
  readonly to: string | undefined;
  /** Shares of the limit, ascending. */
  readonly alertAt: readonly number[];
  readonly expectedOutput: number | undefined;
  readonly unknownPrice: "block" | "allow";
}

/** What a rule is matched with. */
export interface Subject {
  readonly user?: string;
  readonly team?: string;
  readonly project?: string;
  readonly session?: string;
  readonly key?: string;
  readonly tags?: readonly string[];
}

export interface Place {
  /** The name asked for. */
  readonly asked: string;
  readonly provider: string;
  /** The model in the provider's words, and as `provider/model`. */
  readonly model: string;
}

const NANO = 1e9;
const MAX_KEY = 500;

/** The rules of the options, in their order. */
export function createRules({ budgets = [], limits = [] }: Pick<SpendOptions, "budgets" | "limits">): readonly Rule[] {
  const ids = new Set<string>();
  const unique = (wanted: string): string => {
    let id = wanted;
    for (let count = 2; ids.has(id); count++) id = `${wanted} #${count}`;
    ids.add(id);
    return id;
  };
  const rules = budgets.map((option) => budgetRule(option, unique));
  return [...rules, ...limits.flatMap((option) => limitRules(option, unique))];
}

function budgetRule(option: BudgetOption, unique: (id: string) => string): Rule {
  const { unit = "usd", window = "month", onExceed = "block", alertAt = [], scope } = option;
  const made = createWindow(window);
  const id = unique(option.id ?? describe(scope, unit, made.name));
  return {
    ...scopeOf(scope),
    id,
    whole: [bounded(id)],
    unit,
    limit: Math.round(option.limit * (unit === "usd" ? NANO : 1)),
    window: made,
    onExceed,
    to: option.to,
    alertAt: [...new Set([...[alertAt].flat(), ...(onExceed === "alert" ? [1] : [])])].sort((a, b) => a - b),
    expectedOutput: option.expectedOutput,
    unknownPrice: option.unknownPrice ?? (onExceed === "block" ? "block" : "allow"),
  };
}

const LIMITS = [
  ["rpm", "requests", { rolling: "minute" }],
  ["tpm", "tokens", { rolling: "minute" }],
  ["parallel", "parallel", "lifetime"],
] as const;

function limitRules(option: LimitOption, unique: (id: string) => string): readonly Rule[] {
  return LIMITS.flatMap(([field, unit, window]): Rule[] => {
    const limit = option[field];
    if (limit === undefined) return [];
    const id = unique(option.id === undefined ? describe(option.scope, unit, field) : `${option.id} ${field}`);
    return [
      {
        ...scopeOf(option.scope),
        id,
        whole: [bounded(id)],
        unit,
        limit,
        window: createWindow(window),
        onExceed: "limit",
        to: undefined,
        alertAt: [],
        expectedOutput: option.expectedOutput,
        unknownPrice: "allow",
      },
    ];
  });
}

function scopeOf(scope: SpendScope = {}): Pick<Rule, "scope" | "local"> {
  const entries = Object.entries(scope) as [keyof SpendScope, string | readonly string[]][];
  return { scope: entries, local: entries.some(([field]) => field === "model" || field === "provider") };
}

function describe(scope: SpendScope = {}, unit: string, window: string): string {
  const whom = Object.entries(scope).map(([field, value]) => `${field}=${[value].flat().join("|")}`);
  return `${whom.length === 0 ? "all" : whom.join(",")} ${unit}/${window}`;
}

const NO_VALUES: readonly string[] = [];

/**
 * The counters of a rule that a call falls into: none when it does not match, one, or several where a tag is counted each by itself.
 */
export function countersOf(rule: Rule, subject: Subject, place: Place | undefined): readonly string[] {
  let keys: readonly string[] | undefined;
  for (const [field, wanted] of rule.scope) {
    if (wanted !== "*") {
      if (!matches(field, wanted, subject, place)) return NO_VALUES;
      continue;
    }
    const values = valuesOf(field, subject, place);
    if (values.length === 0) return NO_VALUES;
    keys = (keys ?? [""]).flatMap((key) => values.map((value) => `${key}\n${escaped(value)}`));
  }
  return keys === undefined ? rule.whole : keys.map((key) => bounded(rule.id + key));
}

function matches(field: keyof SpendScope, wanted: string | readonly string[], subject: Subject, place: Place | undefined): boolean {
  if (field === "tag") return subject.tags?.some((tag) => accepts(wanted, tag)) === true;
  if (field !== "model" && field !== "provider") return accepts(wanted, subject[field]);
  if (place === undefined) return false;
  if (field === "provider") return accepts(wanted, place.provider);
  return accepts(wanted, place.asked) || accepts(wanted, place.model) || accepts(wanted, `${place.provider}/${place.model}`);
}

function valuesOf(field: keyof SpendScope, subject: Subject, place: Place | undefined): readonly string[] {
  if (field === "tag") return subject.tags === undefined ? NO_VALUES : [...new Set(subject.tags)];
  if (field === "model") return place === undefined ? NO_VALUES : [`${place.provider}/${place.model}`];
  const value = field === "provider" ? place?.provider : subject[field];
  return value === undefined ? NO_VALUES : [value];
}

function accepts(wanted: string | readonly string[], value: string | undefined): boolean {
  return typeof wanted === "string" ? wanted === value : value !== undefined && wanted.includes(value);
}

/** Values are parted by line ends; stores hold no U+0000 and no half of a surrogate pair. */
function escaped(value: string): string {
  return /[\0\n\\\ud800-\udfff]/.test(value) ? value.toWellFormed().replace(/[\0\n\\]/g, (sign) => `\\${sign.charCodeAt(0)}`) : value;
}

/** A key that is too long for a store keeps its beginning, and the rest as a hash. */
function bounded(key: string): string {
  if (key.length <= MAX_KEY) return key;
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < key.length; index++) {
    a = Math.imul(a ^ key.charCodeAt(index), 0x01000193);
    b = Math.imul(b ^ key.charCodeAt(index), 0x85ebca6b) + a;
  }
  return `${key.slice(0, MAX_KEY - 30)}…${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}

/** What a call takes from one of a rule's counters. */
export function holdOf(rule: Rule, key: string, amount: number, enforced: boolean, now: number): Hold {
  const { bucket, from, bucketEnd } = rule.window.at(now);
  const hold: { -readonly [K in keyof Hold]: Hold[K] } = { key, bucket, from, amount };
  if (bucketEnd !== undefined) hold.bucketEnd = bucketEnd;
  if (enforced) hold.limit = rule.limit;
  return hold;
}
