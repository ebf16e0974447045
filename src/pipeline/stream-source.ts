import type { DecodeContext } from "../codecs/codec.ts";
import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { Usage } from "../ir/usage.ts";
import { createSseSplitter } from "../transport/sse.ts";
import type { Clock } from "../transport/clock.ts";
import type { ByteRead, ByteSource, TransportResponse } from "../transport/transport.ts";
import { locate, mayPassThrough, settleFirst, settleRecord, type Call, type Finish } from "./call.ts";
import { bill, cutUsage } from "./cut-usage.ts";
import { createPace } from "./pace.ts";
import type { EventSource, Outcome } from "./stage.ts";

/**
 * Reads a streamed answer up to its first event that shows something, so that what goes wrong before can still be tried elsewhere, and
 * offers the rest as it comes.
 */
export async function streamSource(response: TransportResponse, decoding: DecodeContext, call: Call, finish: Finish): Promise<EventSource> {
  const { context, codec, exchange } = call;
  const bytes = response.bytes();
  const decoder = codec.decodeStream(decoding);
  let batch: StreamEvent[] = [];
  const { onWire } = context;
  const splitter = createSseSplitter((data, event) => {
    onWire?.({ type: "data", data });
    decoder.push(data, event, batch);
  });
  let finished = false;

  /** Feeds one chunk through the decoder; false at the end of the answer. */
  const feed = (chunk: Uint8Array | undefined): boolean => {
    if (chunk !== undefined) {
      splitter.push(chunk);
      if (!decoder.done) return true;
    } else splitter.end();
    decoder.end(batch);
    finished = true;
    return false;
  };
  let shown = 0;
  const take = (): readonly StreamEvent[] => {
    for (const event of batch) shown += lengthOf(event);
    const events = finish(batch);
    batch = [];
    return events;
  };

  const early: StreamEvent[] = [];
  const chunks: Uint8Array[] = [];
  const wantsBytes = mayPassThrough(call);
  try {
    while (!finished) {
      const { value: chunk } = await bytes.read();
      if (wantsBytes && chunk !== undefined) chunks.push(chunk);
      const more = feed(chunk);
      if (batch.length > 0) early.push(...take());
      if (!more || early.some(shows)) break;
    }
  } catch (error) {
    bytes.cancel();
    throw exchange.explain(error, "STREAM_INTERRUPTED");
  }
  settleFirst(call);
  const spent = (): Usage => cutUsage(call.prepared.request, decoder.usage, shown);
  return openSource(
    { bytes, feed, take, early, chunks: wantsBytes ? chunks : undefined, isFinished: () => finished, spent, shown: () => shown },
    call,
  );
}

/** Characters that an event shows. */
export function lengthOf(event: StreamEvent): number {
  if (event.type === "text-delta" || event.type === "reasoning-delta") return event.text.length;
  return event.type === "tool-call-delta" ? event.arguments.length : 0;
}

interface Reading {
  readonly bytes: ByteSource;
  readonly feed: (chunk: Uint8Array | undefined) => boolean;
  readonly take: () => readonly StreamEvent[];
  readonly early: readonly StreamEvent[];
  readonly chunks: Uint8Array[] | undefined;
  readonly isFinished: () => boolean;
  /** Characters shown so far. */
  readonly shown: () => number;
  /** What an answer that is cut now has used. */
  readonly spent: () => Usage;
}

function openSource(reading: Reading, call: Call): EventSource {
  const { bytes, feed, take, isFinished } = reading;
  const { context, record, exchange } = call;
  const { clock } = context.runtime;
  const idleTimeout = call.deployment.terms?.idleTimeout ?? context.timeouts.idleTimeout;
  const { minTokensPerSecond } = context.timeouts;
  const pace = minTokensPerSecond === undefined ? undefined : createPace(minTokensPerSecond);
  /** When the latest read began, and whether it is under way. */
  let askedAt = 0;
  let asking = false;
  const callbacks: ((outcome: Outcome) => void)[] = [];
  let early: readonly StreamEvent[] | undefined = reading.early;
  let outcome: Outcome | undefined;
  let lastRead = 0;
  let atEnd = false;
  let stopWatch: (() => void) | undefined;

  const settle = (end: Outcome): void => {
    if (outcome !== undefined) return;
    outcome = end;
    stopWatch?.();
    if (end.error === undefined && end.cancelled !== true && !atEnd) drain(bytes, clock);
    else bytes.cancel();
    exchange.release();
    if (end.error !== undefined || end.cancelled === true) bill(reading.spent(), call);
    settleRecord(call, end.error, end.cancelled);
    for (const callback of callbacks) callback(end);
  };
  const fail = (error: unknown): CrosspointError => {
    const failed = locate(exchange.explain(error, "STREAM_INTERRUPTED"), record);
    settle({ error: failed });
    return failed;
  };
  /** One timer for the whole stream: it looks when the last chunk came and sleeps on, instead of being set anew for each chunk. */
  const watch = (ms: number): void => {
    stopWatch = context.runtime.watch.after(ms, () => {
      const silent = clock.now() - (asking ? askedAt : lastRead);
      if (silent < idleTimeout!) watch(idleTimeout! - silent);
      else if (asking) {
        exchange.expire(idleTimeout!, "idleTimeout");
        fail(exchange.signal.reason);
      } else {
        // The reader's pause, which speaks against nobody; a connection that nobody reads is not held for ever.
        exchange.abort();
        fail(new CrosspointError("ABORTED", `the answer was not read on for ${idleTimeout} ms (option idleTimeout)`));
      }
    });
  };
  exchange.onClosed = () => void fail(exchange.signal.reason);
  let watching = false;
  const read = (): Promise<ByteRead> => {
    if (!watching) {
      watching = true;
      if (idleTimeout !== undefined) watch(idleTimeout);
    }
    askedAt = clock.now();
    asking = true;
    return bytes.read();
  };
  const onChunk = (chunk: Uint8Array | undefined): readonly StreamEvent[] => {
    atEnd = chunk === undefined;
    asking = false;
    lastRead = clock.now();
    const before = reading.shown();
    const more = feed(chunk);
    const events = take();
    if (!more) settle({});
    else if (pace?.(lastRead - askedAt, reading.shown() - before) === false) {
      const slow = `${record.deployment} wrote fewer than ${minTokensPerSecond} tokens a second (option minTokensPerSecond)`;
      throw new CrosspointError("TIMEOUT", slow, { cause: new DOMException(slow, "TimeoutError") });
    }
    return events;
  };

  type Batch = readonly StreamEvent[] | undefined;
  const ended = (): Promise<Batch> => (outcome?.error === undefined ? Promise.resolve(undefined) : Promise.reject(outcome.error));
  const onBroken = (error: unknown): Promise<Batch> => {
    if (outcome?.cancelled !== true) fail(error);
    return ended();
  };
  const onRead = ({ value }: ByteRead): Batch | Promise<Batch> => {
    if (outcome !== undefined) return ended();
    let events: readonly StreamEvent[];
    try {
      events = onChunk(value);
    } catch (error) {
      return onBroken(error);
    }
    return events.length > 0 ? events : skip().catch(onBroken);
  };
  /** Reads on over chunks that show nothing; a loop, so that a long silence does not pile up promises. */
  const skip = async (): Promise<Batch> => {
    while (outcome === undefined) {
      const { value } = await read();
      const events = outcome === undefined ? onChunk(value) : [];
      if (events.length > 0) return events;
    }
    return ended();
  };
  // One promise for each chunk and no more: this is what a stream costs.
  const pull = (): Promise<Batch> => {
    if (early !== undefined) {
      const events = early;
      early = undefined;
      if (isFinished()) settle({});
      if (events.length > 0) return Promise.resolve(events);
    }
    return outcome === undefined ? read().then(onRead, onBroken) : ended();
  };

  const pullBytes = async (): Promise<Uint8Array | undefined> => {
    const waiting = reading.chunks!.shift();
    if (waiting !== undefined) {
      if (reading.chunks!.length === 0 && isFinished()) settle({});
      return waiting;
    }
    if (outcome?.error !== undefined) throw outcome.error;
    if (outcome !== undefined) return undefined;
    try {
      const { value: chunk } = await read();
      onChunk(chunk);
      return chunk;
    } catch (error) {
      throw fail(error);
    }
  };

  return {
    pull,
    cancel() {
      exchange.abort();
      settle({ cancelled: true });
    },
    onSettled(callback) {
      if (outcome === undefined) callbacks.push(callback);
      else callback(outcome);
    },
    ...(reading.chunks === undefined ? undefined : { pullBytes }),
  };
}

/** Reads the few bytes after the answer's end, so that the connection can serve the next call; gives up after a second. */
function drain(bytes: ByteSource, clock: Clock): void {
  const stop = clock.after(1_000, () => bytes.cancel());
  const finish = (): void => {
    stop();
    bytes.cancel();
  };
  bytes.read().then(finish, finish);
}

/** The events that a user would see. */
export function shows(event: StreamEvent): boolean {
  return event.type !== "response-start";
}
