const SLOT_MS = 1_000;
/** A minute, and the slot that is being filled. */
const SLOTS = 61;

/** What happened within the last minute, to a second: never less than that. Coarser, it would leave much of a limit unused. */
export interface MinuteCount {
  slot: number;
  total: number;
  readonly amounts: number[];
}

export function createCount(): MinuteCount {
  return { slot: 0, total: 0, amounts: Array.from({ length: SLOTS }, () => 0) };
}

function moveOn(count: MinuteCount, now: number): void {
  const slot = Math.floor(now / SLOT_MS);
  if (slot <= count.slot) return;
  for (let passed = Math.max(count.slot + 1, slot - SLOTS + 1); passed <= slot; passed++) {
    count.total -= count.amounts[passed % SLOTS]!;
    count.amounts[passed % SLOTS] = 0;
  }
  count.slot = slot;
}

export function addToCount(count: MinuteCount, amount: number, now: number): void {
  moveOn(count, now);
  count.total += amount;
  count.amounts[count.slot % SLOTS]! += amount;
}

export function readCount(count: MinuteCount, now: number): number {
  moveOn(count, now);
  return count.total;
}

/** Milliseconds until there is room for `amount` below `limit`; 0 when there is, and for what never has room when all is forgotten. */
export function roomIn(count: MinuteCount, amount: number, limit: number, now: number): number {
  let left = readCount(count, now);
  if (left + amount <= limit) return 0;
  let slot = count.slot - SLOTS + 1;
  for (; slot <= count.slot && left > 0 && left + amount > limit; slot++) left -= count.amounts[slot % SLOTS]!;
  return (slot - 1 + SLOTS) * SLOT_MS - now;
}
