import type { TraceSpan } from "./span.ts";

/** Milliseconds without news after which a run is over: when its outermost span came, and when that may be in another program. */
const QUIET_MS = 1_000;
const ORPHAN_QUIET_MS = 10_000;

interface Run {
  readonly spans: TraceSpan[];
  lastMs: number;
}

/** The spans of each trace, until nothing more is to be expected of it. */
export interface Runs {
  add(spans: readonly TraceSpan[]): void;
  /** Takes out the runs that are over; `all`: every one. */
  over(all?: boolean): readonly (readonly TraceSpan[])[];
}

/** `now`: milliseconds of any clock. */
export function createRuns(now: () => number): Runs {
  const runs = new Map<string, Run>();
  return {
    add(spans) {
      for (const span of spans) {
        const run = runs.get(span.traceId) ?? { spans: [], lastMs: 0 };
        run.lastMs = now();
        run.spans.push(span);
        runs.set(span.traceId, run);
      }
    },
    over(all = false) {
      const found: TraceSpan[][] = [];
      for (const [id, { spans, lastMs }] of runs) {
        const quiet = spans.some(({ parentId }) => parentId === undefined) ? QUIET_MS : ORPHAN_QUIET_MS;
        if (!all && now() - lastMs < quiet) continue;
        runs.delete(id);
        found.push(spans);
      }
      return found;
    },
  };
}
