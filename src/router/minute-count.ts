const MINUTE = 60_000;

/** What happened within the last minute, nearly: the minute before counts with the share that still overlaps. */
export interface MinuteCount {
  minute: number;
  current: number;
  previous: number;
}

export function createCount(): MinuteCount {
  return { minute: 0, current: 0, previous: 0 };
}

function moveOn(count: MinuteCount, now: number): void {
  const minute = Math.floor(now / MINUTE);
  if (minute === count.minute) return;
  count.previous = minute === count.minute + 1 ? count.current : 0;
  count.current = 0;
  count.minute = minute;
}

export function addToCount(count: MinuteCount, amount: number, now: number): void {
  moveOn(count, now);
  count.current += amount;
}

export function readCount(count: MinuteCount, now: number): number {
  moveOn(count, now);
  return count.current + count.previous * (1 - (now % MINUTE) / MINUTE);
}

/** Milliseconds until there is room for `amount` below `limit`; 0 when there is. */
export function roomIn(count: MinuteCount, amount: number, limit: number, now: number): number {
  if (readCount(count, now) + amount <= limit) return 0;
  const into = now % MINUTE;
  // Within this minute the previous one fades; in the next one this one does.
  if (count.current + amount <= limit) return Math.ceil(MINUTE * (1 - (limit - amount - count.current) / count.previous) - into);
  return Math.ceil(MINUTE - into + MINUTE * Math.max(0, 1 - (limit - amount) / count.current));
}
