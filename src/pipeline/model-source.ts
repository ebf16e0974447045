import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import { locate, settleFirst, settleRecord, within, type Call, type Finish } from "./call.ts";
import { shows } from "./stream-source.ts";
import type { EventSource, Outcome } from "./stage.ts";
import { batchSource } from "./whole-source.ts";

type Batch = readonly StreamEvent[];
type Reading = Pick<Call, "context" | "record" | "exchange" | "deployment">;

/**
 * Reads the events of a provider that is a function: all of them for a whole answer, up to the first one that shows something for a
 * stream. A provider that does not listen to its signal cannot hold the call up.
 */
export async function modelSource(answer: AsyncIterable<Batch>, finish: Finish, reading: Reading): Promise<EventSource> {
  const { context, record, exchange } = reading;
  const { signal } = exchange;
  const iterator = answer[Symbol.asyncIterator]();
  let onAbort: (() => void) | undefined;
  signal.addEventListener("abort", () => onAbort?.(), { once: true });
  let atEnd = false;
  /** The next batch that is not empty, or `undefined` after the last. */
  const read = async (): Promise<Batch | undefined> => {
    for (;;) {
      const { value, done } = await new Promise<IteratorResult<Batch>>((resolve, reject) => {
        onAbort = () => reject(signal.reason as Error);
        if (signal.aborted) onAbort();
        else within(context, record, () => iterator.next()).then(resolve, reject);
      });
      if (done === true) {
        if (!atEnd) throw new CrosspointError("STREAM_INTERRUPTED", `${record.deployment} ended without an end of its answer`);
        return undefined;
      }
      if (!Array.isArray(value)) throw new CrosspointError("BAD_RESPONSE", `${record.deployment} gave something that is no list of events`);
      if (value.length === 0) continue;
      atEnd = value.at(-1)?.type === "response-end";
      return finish(value);
    }
  };
  const close = (): void => {
    iterator.return?.().catch(() => {}); // the answer is complete or given up: how its maker takes that is its own affair
  };

  const early: StreamEvent[] = [];
  try {
    while (!atEnd && !(context.stream && early.some(shows))) early.push(...((await read()) ?? []));
  } catch (error) {
    close();
    throw exchange.explain(error, "CONNECTION");
  }
  settleFirst(reading);
  if (atEnd) {
    close();
    exchange.release();
    settleRecord(reading, undefined);
    return batchSource(early);
  }
  return openSource({ read, close, early, isAtEnd: () => atEnd }, reading);
}

interface Open {
  readonly read: () => Promise<Batch | undefined>;
  readonly close: () => void;
  readonly early: Batch;
  readonly isAtEnd: () => boolean;
}

function openSource({ read, close, early, isAtEnd }: Open, reading: Reading): EventSource {
  const { context, record, exchange } = reading;
  const callbacks: ((outcome: Outcome) => void)[] = [];
  let waiting: Batch | undefined = early;
  let outcome: Outcome | undefined;
  const settle = (end: Outcome): void => {
    if (outcome !== undefined) return;
    outcome = end;
    close();
    exchange.release();
    settleRecord(reading, end.error, end.cancelled);
    for (const callback of callbacks) callback(end);
  };
  const fail = (error: unknown): void => settle({ error: locate(exchange.explain(error, "STREAM_INTERRUPTED"), record) });
  exchange.onClosed = () => fail(exchange.signal.reason);
  return {
    async pull() {
      const batch = waiting;
      waiting = undefined;
      if (batch !== undefined) return batch;
      if (outcome === undefined) {
        try {
          exchange.arm(reading.deployment.terms?.idleTimeout ?? context.timeouts.idleTimeout, "idleTimeout");
          const next = await read();
          exchange.disarm();
          if (isAtEnd()) settle({});
          return next;
        } catch (error) {
          fail(error);
        }
      }
      if (outcome?.error !== undefined) throw outcome.error;
      return undefined;
    },
    cancel() {
      exchange.abort();
      settle({ cancelled: true });
    },
    onSettled(callback) {
      if (outcome === undefined) callbacks.push(callback);
      else callback(outcome);
    },
  };
}
