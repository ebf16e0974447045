import type { CrosspointError } from "../ir/error.ts";
import type { Attempt, Cost } from "../ir/response.ts";
import type { InputTokens, OutputTokens, Usage } from "../ir/usage.ts";
import type { Attribution } from "./attribution.ts";
import type { SpendAttempt, SpendEntry } from "./entry.ts";

/** What one call used and cost, and for whom. */
export interface SpendRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The name that was asked for. */
  readonly model: string;
  readonly outcome: "success" | "failure" | "aborted";
  /** Who answered; absent when nobody did. */
  readonly provider?: string;
  readonly deployment?: string;
  readonly attribution?: Attribution;
  /** Of all attempts together. What a provider never counted, because its answer broke off, is estimated from what was seen. */
  readonly usage?: Usage;
  /** Of all attempts together; absent when one of them has no known price. */
  readonly cost?: Cost;
  readonly durationMs: number;
  readonly attempts: readonly Attempt[];
  readonly error?: CrosspointError;
}

/** Hears of every call when it is over. What it throws or rejects with is swallowed: accounting never breaks a call. */
export type OnSpend = (row: SpendRow) => void | Promise<void>;

/** The usage of several attempts together. */
export function sumUsage(attempts: readonly Attempt[]): Usage | undefined {
  let sum: Usage | undefined;
  for (const { usage } of attempts) if (usage !== undefined) sum = sum === undefined ? usage : addUsage(sum, usage);
  return sum;
}

/** The cost of several attempts together; `undefined` when one that used something has none. */
export function sumCost(attempts: readonly Attempt[]): Cost | undefined {
  let sum: Cost | undefined;
  for (const { usage, cost } of attempts) {
    if (cost !== undefined) sum = sum === undefined ? cost : addCost(sum, cost);
    else if (usage?.total !== undefined && usage.total > 0) return undefined;
  }
  return sum;
}

function addUsage(a: Usage, b: Usage): Usage {
  const total = a.total === undefined && b.total === undefined ? undefined : (a.total ?? 0) + (b.total ?? 0);
  return {
    input: addCounts<InputTokens>(a.input, b.input),
    output: addCounts<OutputTokens>(a.output, b.output),
    ...(total === undefined ? undefined : { total }),
    ...(a.serverTools === undefined && b.serverTools === undefined
      ? undefined
      : { serverTools: addCounts(a.serverTools ?? {}, b.serverTools ?? {}) }),
    ...(a.estimated === true || b.estimated === true ? { estimated: true } : undefined),
  };
}

type Counts = Record<string, number | Readonly<Record<string, number>> | undefined>;

function addCounts<T extends object>(a: T, b: T): T {
  const sum = { ...a } as Counts;
  for (const [key, value] of Object.entries(b) as [string, Counts[string]][]) {
    const other = sum[key];
    if (typeof value === "object") sum[key] = addCounts(typeof other === "object" ? other : {}, value);
    else if (value !== undefined) sum[key] = value + (typeof other === "number" ? other : 0);
  }
  return sum as T;
}

function addCost(a: Cost, b: Cost): Cost {
  const nanoUsd = a.nanoUsd + b.nanoUsd;
  return {
    ...b,
    total: nanoUsd / 1e9,
    nanoUsd,
    items: [...a.items, ...b.items],
    ...((a.estimated === true || b.estimated === true) && { estimated: true }),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A row as the log keeps it. */
export function toEntry(row: SpendRow): SpendEntry {
  const { usage, cost, error, attribution, attempts } = row;
  const entry: Mutable<SpendEntry> = {
    id: row.id,
    time: row.time,
    model: clean(row.model),
    outcome: row.outcome,
    durationMs: row.durationMs,
    attempts: attempts.length === 1 ? [toAttempt(attempts[0]!)] : attempts.map(toAttempt),
  };
  if (row.provider !== undefined) entry.provider = row.provider;
  if (row.deployment !== undefined) entry.deployment = row.deployment;
  if (attribution !== undefined) addAttribution(entry, attribution);
  if (usage !== undefined) addTokens(entry, usage);
  if (cost !== undefined) entry.nanoUsd = cost.nanoUsd;
  // Nothing was used: that costs nothing, whatever the price.
  else if (usage === undefined && row.outcome !== "success") entry.nanoUsd = 0;
  if (usage?.estimated === true || cost?.estimated === true) entry.estimated = true;
  const first = row.attempts.find((each) => each.firstEventMs !== undefined);
  if (first !== undefined) entry.firstEventMs = first.startedAt - row.time + first.firstEventMs!;
  if (error !== undefined) entry.error = error.code;
  return entry;
}

function addAttribution(entry: Mutable<SpendEntry>, attribution: Attribution): void {
  // Field by field: a loop over their names would cost more than all that is done for the entry.
  const { user, team, project, session, key, tags } = attribution;
  if (user !== undefined) entry.user = clean(user);
  if (team !== undefined) entry.team = clean(team);
  if (project !== undefined) entry.project = clean(project);
  if (session !== undefined) entry.session = clean(session);
  if (key !== undefined) entry.key = clean(key);
  if (tags !== undefined) entry.tags = tags.map(clean);
  if (attribution.metadata !== undefined) {
    entry.metadata = Object.fromEntries(Object.entries(attribution.metadata).map(([key, value]) => [clean(key), clean(value)]));
  }
}

function addTokens(entry: Mutable<SpendEntry>, { input, output }: Usage): void {
  if (input.total !== undefined) entry.inputTokens = input.total;
  if (input.cacheRead !== undefined) entry.cacheReadTokens = input.cacheRead;
  if (input.cacheWrite !== undefined) entry.cacheWriteTokens = input.cacheWrite;
  if (output.total !== undefined) entry.outputTokens = output.total;
  if (output.reasoning !== undefined) entry.reasoningTokens = output.reasoning;
}

function toAttempt({
  provider,
  model,
  deployment,
  reason,
  outcome,
  startedAt,
  durationMs,
  firstEventMs,
  error,
  usage,
  cost,
}: Attempt): SpendAttempt {
  const attempt: Mutable<SpendAttempt> = { provider, model: clean(model), deployment: clean(deployment), reason, outcome, startedAt };
  if (durationMs !== undefined) attempt.durationMs = durationMs;
  if (firstEventMs !== undefined) attempt.firstEventMs = firstEventMs;
  if (error !== undefined) attempt.error = error.code;
  if (usage?.input.total !== undefined) attempt.inputTokens = usage.input.total;
  if (usage?.output.total !== undefined) attempt.outputTokens = usage.output.total;
  if (cost !== undefined) attempt.nanoUsd = cost.nanoUsd;
  if (usage?.estimated === true || cost?.estimated === true) attempt.estimated = true;
  return attempt;
}

/** Databases hold no U+0000 and no half of a surrogate pair. */
function clean(text: string): string {
  return text.includes("\0") || !text.isWellFormed() ? text.replaceAll("\0", "").toWellFormed() : text;
}
