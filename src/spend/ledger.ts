import { CrosspointError } from "../ir/error.ts";
import { put, take, type Bag, type Member } from "../transport/bag.ts";
import type { Clock } from "../transport/clock.ts";
import { inTime } from "./in-time.ts";
import type { SpendAlert } from "./options.ts";
import type { Rule } from "./rules.ts";
import type { Awaitable, Charge, Granted, Hold, Refused, Store } from "./store.ts";

/** How long a call's holds last without being renewed: as long as they outlive their process. */
const LEASE = 60_000;
const RENEW_EVERY = 20_000;
/** A stream that nobody reads or leaves is not held for longer. */
const LONGEST = 3_600_000;
const RETRY_AFTER = 1_000;
/** Settlements that wait for a store that fails; the oldest are given up. */
const MAX_UNSETTLED = 10_000;

/** A counter that a call was held against. */
export interface Counted {
  readonly rule: Rule;
  readonly key: string;
}

/** A lease of a call that runs. */
export interface OpenLease extends Member {
  readonly id: string;
  readonly since: number;
}

/** Leases of this process's calls in the store: held while they run, settled when they are over, told about when they near a limit. */
export interface Ledger {
  /** Takes the holds, and keeps their lease alive until it is settled. Without the store's answer no call passes a limit. */
  reserve(lease: OpenLease, holds: readonly Hold[], now: number): Awaitable<Granted | Refused>;
  settle(lease: OpenLease, charges: readonly Charge[], last: boolean): Promise<void> | undefined;
  /** Tells of the shares that were reached. */
  watch(counted: readonly Counted[]): void;
  /** What is under way. */
  flush(): Promise<void>;
  /** The same, and what fails is tried no more. */
  close(): Promise<void>;
}

export interface LedgerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tell: (alert: SpendAlert) => void;
}

interface Unsettled {
  readonly leaseId: string;
  readonly charges: readonly Charge[];
}

export function createLedger({ store, clock, tell }: LedgerOptions): Ledger {
  const open: Bag<OpenLease> = [];
  const unsettled: Unsettled[] = [];
  const running = new Set<Promise<unknown>>();
  /** Shares that were told, by counter and window. */
  const told = new Map<string, number>();
  let renewing = false;
  let retrying = false;
  let isClosed = false;

  const later = (ms: number, run: () => void): void => {
    if (clock.standing === undefined) clock.after(ms, run);
    else clock.standing(ms, run).hold?.(false);
  };
  const follow = <T>(promise: Promise<T>): void => {
    running.add(promise);
    const over = (): void => void running.delete(promise);
    promise.then(over, over);
  };
  const renew = (): void => {
    const now = clock.now();
    for (const lease of open.slice()) if (now - lease.since > LONGEST) take(open, lease);
    renewing = open.length > 0;
    if (!renewing) return;
    const ids = open.map(({ id }) => id);
    attemptTo(() => store.renew(ids, now + LEASE, now));
    later(RENEW_EVERY, renew);
  };
  /** What fails here is told, and the lease or the next round makes up for it. */
  const attemptTo = (run: () => unknown): void => {
    try {
      const result = run();
      if (result instanceof Promise) follow(result.catch((error: unknown) => tell({ type: "store", error })));
    } catch (error) {
      tell({ type: "store", error });
    }
  };
  const onUnsettled = (one: Unsettled, error: unknown): void => {
    tell({ type: "store", error });
    unsettled.push(one);
    if (unsettled.length > MAX_UNSETTLED) unsettled.shift();
    if (retrying || isClosed) return;
    retrying = true;
    later(RETRY_AFTER, () => {
      retrying = false;
      writeAgain();
    });
  };
  /** Settling twice is settling once, so that what failed half-way may be tried again. */
  const write = (leaseId: string, charges: readonly Charge[]): Promise<void> | undefined => {
    try {
      const result = store.settle(leaseId, charges, clock.now());
      if (!(result instanceof Promise)) return undefined;
      const settled = result.catch((error: unknown) => onUnsettled({ leaseId, charges }, error));
      follow(settled);
      return settled;
    } catch (error) {
      onUnsettled({ leaseId, charges }, error);
      return undefined;
    }
  };
  const writeAgain = (): void => {
    for (const { leaseId, charges } of unsettled.splice(0)) void write(leaseId, charges);
  };

  /** A store that fails lets those calls pass that it could not have refused. */
  const unanswered = (error: unknown, holds: readonly Hold[]): Granted => {
    tell({ type: "store", error });
    if (holds.every(({ limit }) => limit === undefined)) return { granted: true };
    const why = error instanceof Error ? error.message : String(error);
    throw new CrosspointError("SERVER", `budgets and limits cannot be checked, because the store fails: ${why}`, {
      retryable: false,
      cause: error,
    });
  };

  const enter = (answer: Granted | Refused, lease: OpenLease): Granted | Refused => {
    if (!answer.granted) return answer;
    put(open, lease);
    if (!renewing) {
      renewing = true;
      later(RENEW_EVERY, renew);
    }
    return answer;
  };

  const check = async (counted: readonly Counted[], now: number): Promise<void> => {
    const states = await store.counters(
      counted.map(({ rule, key }) => ({ key, from: rule.window.at(now).from })),
      now,
    );
    for (const [index, { rule, key }] of counted.entries()) {
      const { used } = states[index]!;
      const { bucket, bucketEnd } = rule.window.at(now);
      // A rolling window has no beginning: a share is told again when as long as the window has passed.
      const rolls = rule.window.at(now).from !== bucket;
      for (const share of rule.alertAt) {
        if (used < share * rule.limit) break;
        const name = `alert\n${key}\n${share}${rolls ? "" : `\n${bucket}`}`;
        if ((told.get(name) ?? 0) > now) continue;
        const until = bucketEnd ?? Infinity;
        if (told.size > 10_000) told.clear();
        told.set(name, until);
        const first = await store.set(
          name,
          "1",
          { ifAbsent: true, ...(bucketEnd === undefined ? undefined : { expiresAt: bucketEnd }) },
          now,
        );
        if (!first) continue;
        const scale = rule.unit === "usd" ? 1e9 : 1;
        tell({
          type: "threshold",
          budget: rule.id,
          scope: scopeOf(rule, key),
          share,
          used: used / scale,
          limit: rule.limit / scale,
          unit: rule.unit === "parallel" ? "requests" : rule.unit,
        });
      }
    }
  };

  const flush = async (): Promise<void> => {
    writeAgain();
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    reserve(lease, holds, now) {
      try {
        const answer = store.reserve({ id: lease.id, expiresAt: now + LEASE }, holds, now);
        if (!(answer instanceof Promise)) return enter(answer, lease);
        const takeBack = (): void => attemptTo(() => store.release(lease.id, clock.now()));
        return inTime(answer, clock, takeBack).then(
          (given) => enter(given, lease),
          (error: unknown) => unanswered(error, holds),
        );
      } catch (error) {
        return unanswered(error, holds);
      }
    },
    settle(lease, charges, last) {
      if (last) take(open, lease);
      return write(lease.id, charges);
    },
    watch(counted) {
      const watched = counted.filter(({ rule }) => rule.alertAt.length > 0);
      if (watched.length > 0) attemptTo(() => check(watched, clock.now()));
    },
    flush,
    close() {
      isClosed = true;
      return flush();
    },
  };
}

/** Whom a counter counts, by field: the key of one that counts each value by itself holds the values in the order of the scope. */
export function scopeOf({ id, scope }: Rule, key: string): Readonly<Record<string, string>> {
  const values = key.slice(id.length + 1).split("\n");
  let index = 0;
  return Object.fromEntries(scope.map(([field, wanted]) => [field, wanted === "*" ? (values[index++] ?? "*") : [wanted].flat().join("|")]));
}

/** The refusal of a call: which rule, how much, and when there is room again. */
export function refusal(
  { rule, key }: Counted,
  amount: number,
  used: number,
  reserved: number,
  room: number | undefined,
  now: number,
  at: { readonly provider: string; readonly model: string; readonly deployment: string },
): CrosspointError {
  const { unit, limit, window, onExceed } = rule;
  // Held amounts come free as their calls end, long before the window does.
  const waits = used + amount <= limit;
  const free = waits ? now + RETRY_AFTER : room;
  const whom = Object.entries(scopeOf(rule, key))
    .map(([field, value]) => `${field} ${JSON.stringify(value)}`)
    .join(", ");
  const name = window.name.replace(/^rolling-(\d+)$/, (_, ms) => `the last ${Number(ms) / 1_000} s`);
  const per = name === "lifetime" ? "" : ` in its window (${name})`;
  const counts = `${show(used, unit)} used, ${show(reserved, unit)} held by calls that run, this call may take ${show(amount, unit)}`;
  let when = "";
  if (amount > limit && (unit === "usd" || unit === "tokens"))
    when = `; no such call ever fits: lower its maxOutputTokens, or give the ${onExceed === "limit" ? "limit" : "budget"} expectedOutput`;
  else if (waits) when = "; try again when they end";
  else if (free !== undefined) when = `; there is room again at ${new Date(free).toISOString()}`;
  const what = onExceed === "limit" ? "limit" : "budget";
  const message = `${what} ${JSON.stringify(rule.id)}${whom === "" ? "" : ` (${whom})`} allows ${show(limit, unit)}${per}: ${counts}${when}`;
  return new CrosspointError(onExceed === "limit" ? "RATE_LIMITED" : "BUDGET_EXCEEDED", message, {
    ...at,
    retryable: false,
    param: rule.id,
    ...(free === undefined ? undefined : { retryAfter: Math.max(1, free - now) }),
  });
}

/** The refusal of a call whose cost cannot be known. */
export function unknownPrice(
  rule: Rule,
  { provider, model, id }: { readonly provider: { readonly id: string }; readonly model: string; readonly id: string },
): CrosspointError {
  const message = `budget ${JSON.stringify(rule.id)} cannot count ${id}: no price is known for it; give one in the option prices, or set unknownPrice: "allow"`;
  return new CrosspointError("BUDGET_EXCEEDED", message, {
    provider: provider.id,
    model,
    deployment: id,
    retryable: false,
    param: rule.id,
  });
}

function show(amount: number, unit: Rule["unit"]): string {
  if (unit === "usd") return `${Number((amount / 1e9).toFixed(6))} USD`;
  return unit === "parallel" ? `${amount} parallel calls` : `${amount} ${unit}`;
}
