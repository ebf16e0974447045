import { CrosspointError, ERROR_CODES, type ErrorCode } from "../ir/error.ts";
import { inTime } from "../spend/in-time.ts";
import type { Store } from "../spend/store.ts";
import type { Clock } from "../transport/clock.ts";
import { adopt, close, MAX_ASKED_MS, type Gate } from "./breaker.ts";

/** How often the others' gates are read. */
const POLL_MS = 500;
/** So long after the last call they are read no more. */
const LINGER_MS = 30_000;
/** A store that failed is asked again after this. */
const REST_MS = 5_000;
/** The right to probe lasts so long; then nobody waits for whoever has it. */
const CLAIM_MS = 10_000;
/** How much longer than a gate is open its record is kept. */
const KEEP_MS = 600_000;
/** Gates beyond these are this process's alone. */
const MAX_GATES = 5_000;

/** Gates of this process that others may have too. */
export interface HealthSharing {
  /** `place` says what the gate is of, the same in every process; `known`: with the credential. */
  join(gate: Gate, place: string, known: boolean): void;
  /** A call begins: while there are calls, what others found out is read. */
  begin(now: number): void;
  /** A gate was opened by an error, or closed. */
  changed(gate: Gate, error: CrosspointError | undefined): void;
}

export interface SharedHealthOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process. */
  readonly self: string;
  readonly newId: (prefix: string) => string;
  /** Follows a gate that another process opened or closed. */
  readonly track: (gate: Gate) => void;
  /** Hears once of a store that fails, until it answers again. */
  readonly warn: (error: unknown) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

interface Shared {
  /** Absent until it is hashed. */
  key: string | undefined;
  readonly known: boolean;
  claiming: boolean;
  claimedUntil: number;
  nextClaim: number;
}

/** What the store holds of an open gate: no key, no text of an error. */
interface GateRecord {
  readonly id: string;
  /** The process that wrote it. */
  readonly by: string;
  readonly until: number;
  /** The time that was left when it was written. Where clocks differ, nobody waits for longer. */
  readonly ms: number;
  readonly openedFor: number;
  readonly code: ErrorCode;
}

/**
 * Shares gates with the other processes of a store. Nothing of it is waited for: writes go out and records are read between calls, and without a
 * store that answers each process goes by what it sees itself. The last word on a gate wins.
 */
export function createSharedHealth({ store, clock, self, newId, track, warn, signal }: SharedHealthOptions): HealthSharing {
  const gates = new Map<Gate, Shared>();
  const dirty = new Set<Gate>();
  const hashing = new Set<Promise<unknown>>();
  let stopTimer: (() => void) | undefined;
  let due = Infinity;
  let running = false;
  let failing = false;
  let calledAt = -Infinity;

  const later = (ms: number, run: () => void): (() => void) => {
    if (clock.standing === undefined) return clock.after(ms, run);
    const { stop, hold } = clock.standing(ms, run);
    hold?.(false);
    return stop;
  };
  const schedule = (ms: number): void => {
    const at = clock.now() + ms;
    if (signal.aborted || running || due <= at) return;
    stopTimer?.();
    due = at;
    stopTimer = later(ms, () => {
      stopTimer = undefined;
      due = Infinity;
      void sync();
    });
  };
  const timer = { after: later };

  const write = async (gate: Gate, now: number): Promise<void> => {
    const shared = gates.get(gate);
    const key = shared?.key;
    if (key === undefined) return;
    if (shared!.claimedUntil > now) {
      shared!.claimedUntil = 0;
      await store.delete(probeKey(key));
    }
    const { openUntil, openedFor, lastError } = gate;
    if (openUntil === 0) {
      await store.delete(key);
      gate.record = undefined;
      return;
    }
    const ms = Math.max(0, openUntil - now);
    const record: GateRecord = { id: newId("gate"), by: self, until: openUntil, ms, openedFor, code: lastError?.code ?? "SERVER" };
    await store.set(key, JSON.stringify(record), { expiresAt: Math.ceil(openUntil) + KEEP_MS }, now);
    gate.record = record.id;
  };
  const read = (gate: Gate, value: string | undefined, now: number): void => {
    // What changed here meanwhile is written first.
    if (dirty.has(gate)) return;
    const record = value === undefined ? undefined : parse(value);
    if (record === undefined) {
      if (gate.record === undefined) return;
      gate.record = undefined;
      close(gate);
    } else {
      if (record.id === gate.record) return;
      if (record.by === self) {
        gate.record = record.id;
        if (gate.openUntil === 0) dirty.add(gate);
        return;
      }
      const until = Math.min(record.until, now + Math.min(record.ms, MAX_ASKED_MS));
      gate.record = record.id;
      adopt(gate, until, record.openedFor, new CrosspointError(record.code, "another process saw it fail"), now);
    }
    track(gate);
  };
  const sync = async (): Promise<void> => {
    running = true;
    const unwritten = new Set<Gate>();
    try {
      await Promise.all(hashing);
      for (const gate of dirty) unwritten.add(gate);
      dirty.clear();
      const writes = [...unwritten].map((gate) => write(gate, clock.now()).then(() => unwritten.delete(gate)));
      const failed = (await inTime(Promise.allSettled(writes), timer)).find((each) => each.status === "rejected");
      for (const gate of unwritten) dirty.add(gate);
      const asked = [...gates].flatMap(([gate, { key }]) => (key === undefined ? [] : [{ gate, key }]));
      if (asked.length > 0 && !signal.aborted) {
        const keys = asked.map(({ key }) => key);
        const values = await inTime(Promise.resolve(store.getMany(keys, clock.now())), timer);
        for (const [index, { gate }] of asked.entries()) read(gate, values[index], clock.now());
      }
      if (failed === undefined) failing = false;
      else fail(failed.reason);
    } catch (error) {
      for (const gate of unwritten) dirty.add(gate);
      fail(error);
    }
    running = false;
    if (failing) schedule(REST_MS);
    else if (dirty.size > 0) schedule(0);
    else if (clock.now() - calledAt < LINGER_MS) schedule(POLL_MS);
  };
  const fail = (error: unknown): void => {
    if (!failing && !signal.aborted) warn(error);
    failing = true;
  };
  const claim = (shared: Shared, key: string, now: number): void => {
    shared.claiming = true;
    shared.nextClaim = now + POLL_MS;
    const until = now + CLAIM_MS;
    const take = (got: boolean): void => {
      shared.claiming = false;
      if (got) shared.claimedUntil = until;
    };
    const lose = (error: unknown): void => {
      shared.claiming = false;
      fail(error);
      schedule(REST_MS);
    };
    try {
      const got = store.set(probeKey(key), self, { ifAbsent: true, expiresAt: until }, now);
      if (typeof got === "boolean") take(got);
      else got.then(take, lose);
    } catch (error) {
      lose(error);
    }
  };
  /** Whether this process may try a gate that is half open. One that has been for long anyone may try. */
  const mayProbe = (gate: Gate, now: number): boolean => {
    const shared = gates.get(gate);
    if (shared?.key === undefined || gate.record === undefined || failing || now - gate.openUntil >= CLAIM_MS) return true;
    if (now >= shared.claimedUntil && !shared.claiming && now >= shared.nextClaim) claim(shared, shared.key, now);
    return now < shared.claimedUntil;
  };

  signal.addEventListener(
    "abort",
    () => {
      stopTimer?.();
      for (const gate of gates.keys()) if (gate.mayProbe === mayProbe) gate.mayProbe = undefined;
    },
    { once: true },
  );
  return {
    join(gate, place, known) {
      if (gates.has(gate) || gates.size >= MAX_GATES) return;
      const shared: Shared = { key: undefined, known, claiming: false, claimedUntil: 0, nextClaim: 0 };
      gates.set(gate, shared);
      gate.mayProbe = mayProbe;
      const hash = hashOf(place).then(
        (text) => void (shared.key = `health/${text}`),
        () => {},
      );
      hashing.add(hash);
      void hash.finally(() => hashing.delete(hash));
    },
    begin(now) {
      const idle = now - calledAt >= LINGER_MS;
      calledAt = now;
      if (due === Infinity && !running) schedule(failing ? REST_MS : idle ? 0 : POLL_MS);
    },
    changed(gate, error) {
      const shared = gates.get(gate);
      if (shared === undefined) return;
      const blame = error && ERROR_CODES[error.code].blame;
      // A connection may fail by this process's own network, and a key that is not known here may be another one there.
      if (blame === "network" || (blame === "key" && !shared.known)) {
        gate.record = undefined;
        dirty.delete(gate);
        return;
      }
      dirty.add(gate);
      schedule(failing ? REST_MS : 0);
    },
  };
}

function probeKey(key: string): string {
  return `${key}/probe`;
}

/** The key is among other words that are not in the store, so that a list of hashes of keys does not tell it. */
async function hashOf(place: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`crosspoint health ${place}`));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parse(text: string): GateRecord | undefined {
  try {
    const { id, by, until, ms, openedFor, code } = JSON.parse(text) as Partial<Record<keyof GateRecord, unknown>>;
    const isRecord =
      typeof id === "string" && typeof until === "number" && typeof ms === "number" && typeof openedFor === "number" && until > 0;
    if (!isRecord || typeof code !== "string" || !Object.hasOwn(ERROR_CODES, code)) return undefined;
    return { id, by: String(by), until, ms, openedFor, code: code as ErrorCode };
  } catch {
    return undefined;
  }
}
