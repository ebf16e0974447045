import { accumulate, createAccumulator, type Accumulated } from "../ir/accumulate.ts";
import { CrosspointError, withAttempts } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelResponse } from "../ir/response.ts";
import type { CallContext } from "./context.ts";
import type { EventSource } from "./stage.ts";

/** Folds a source into the whole response. */
export function collect(source: EventSource, context: CallContext): ModelResponse | Promise<ModelResponse> {
  const whole = source.take?.();
  return whole?.at(-1)?.type === "response-end" ? toResponse(accumulate(whole), context) : collectAll(source, context, whole);
}

async function collectAll(source: EventSource, context: CallContext, first: Batch): Promise<ModelResponse> {
  const accumulator = createAccumulator();
  for (let batch = first ?? (await source.pull()); batch !== undefined; batch = await source.pull()) accumulator.push(batch);
  return toResponse(accumulator.result(), context);
}

/** Adds to the fold of the events where the answer came from. */
export function toResponse(folded: Accumulated, context: CallContext): ModelResponse {
  const { deployment, requestId, rateLimit, model } = context.answer!;
  const response = folded as { -readonly [K in keyof ModelResponse]?: ModelResponse[K] } & Accumulated;
  if (model !== undefined || folded.model === "") response.model = model ?? deployment.model;
  response.provider = deployment.provider.id;
  response.deployment = deployment.id;
  response.attempts = context.attempts;
  if (requestId !== undefined) response.requestId = requestId;
  if (rateLimit !== undefined) response.rateLimit = rateLimit;
  return response as ModelResponse;
}

/**
 * An answer as it comes. It starts when it is first read, and can be read once: as events, as text, or as the whole `response` alone.
 * Leaving the loop early closes the connection to the provider.
 */
export interface ModelStream extends AsyncIterable<StreamEvent> {
  /** The text alone, piece by piece. */
  readonly textStream: AsyncIterable<string>;
  /** The whole response, once the stream has ended; reading only this reads the stream. Rejects as the stream does. */
  readonly response: Promise<ModelResponse>;
  /** The events in batches as they arrived, for readers that handle many. */
  readonly batches: AsyncIterable<readonly StreamEvent[]>;
  /** Ends the stream and closes the connection; idempotent. */
  cancel(): void;
}

type Batch = readonly StreamEvent[] | undefined;

/** Shows a source that is yet to be opened as a stream; `left` ends its opening when the reader leaves meanwhile. */
export function toModelStream(open: () => Promise<EventSource>, context: CallContext, left: AbortController): ModelStream {
  let opening: Promise<EventSource> | undefined;
  let source: EventSource | undefined;
  let taken = false;
  let cancelled = false;
  /** How reading ended, for those who ask for the response later. */
  let failure: unknown;
  let outcome: PromiseWithResolvers<ModelResponse> | undefined;
  const accumulator = createAccumulator();
  // Batches that `response` read before anyone asked for the events.
  const waiting: (readonly StreamEvent[])[] = [];
  let pumping: Promise<void> | undefined;

  const fail = (error: unknown): void => {
    failure ??= withAttempts(error, context.attempts);
    outcome?.reject(failure);
  };
  const leave = (): void => {
    if (!accumulator.ended) fail(new CrosspointError("ABORTED", "the stream was left before its end"));
  };
  const onFailure = (error: unknown): undefined => {
    fail(error);
    if (!cancelled) throw error;
  };
  const onBatch = (batch: Batch): Batch => {
    if (batch !== undefined) {
      try {
        accumulator.push(batch);
      } catch (error) {
        onFailure(error);
      }
    } else if (accumulator.ended) outcome?.resolve(toResponse(accumulator.result(), context));
    else leave();
    return batch;
  };
  const start = async (): Promise<EventSource> => (source = await open());
  // Promises by hand: an async function would cost two more for each chunk.
  const pull = (): Promise<Batch> => {
    if (cancelled) return Promise.resolve(undefined);
    const pulled = source === undefined ? (opening ??= start()).then((opened) => opened.pull()) : source.pull();
    return pulled.then(onBatch, onFailure);
  };
  const cancel = (): void => {
    if (cancelled) return;
    cancelled = true;
    leave();
    if (source === undefined) left.abort(failure);
    opening?.then((opened) => opened.cancel()).catch(() => {}); // a source that failed to open has nothing to close
  };
  const take = (): void => {
    if (taken) throw new CrosspointError("BAD_REQUEST", "a stream can be read once");
    taken = true;
  };
  const nextBatch = (): Promise<Batch> => (pumping === undefined ? pull() : pumping.then(() => waiting.shift() ?? pull()));
  const settle = (): Promise<ModelResponse> => {
    if (outcome !== undefined) return outcome.promise;
    outcome = Promise.withResolvers();
    outcome.promise.catch(() => {}); // whoever awaits it hears of the failure
    if (failure !== undefined) outcome.reject(failure);
    else if (accumulator.ended) outcome.resolve(toResponse(accumulator.result(), context));
    else if (!taken) {
      pumping = (async () => {
        for (let batch = await pull(); batch !== undefined; batch = await pull()) waiting.push(batch);
      })();
      pumping.catch(() => {});
    }
    return outcome.promise;
  };

  return {
    get response() {
      return settle();
    },
    cancel,
    [Symbol.asyncIterator]: () => (take(), iterate(nextBatch, cancel, (event) => event)),
    get textStream() {
      return { [Symbol.asyncIterator]: () => (take(), iterate(nextBatch, cancel, createTextPicker())) };
    },
    get batches() {
      return {
        [Symbol.asyncIterator]: (): AsyncIterator<readonly StreamEvent[]> => {
          take();
          return {
            next: async () => {
              const value = await nextBatch();
              return value === undefined ? { value: undefined, done: true } : { value, done: false };
            },
            return: () => (cancel(), Promise.resolve({ value: undefined, done: true })),
          };
        },
      };
    },
  };
}

/** Picks the visible text; refusals are not part of the answer. */
function createTextPicker(): (event: StreamEvent) => string | undefined {
  const refusals = new Set<string>();
  return (event) => {
    if (event.type === "text-start" && event.refusal === true) refusals.add(event.id);
    return event.type === "text-delta" && !refusals.has(event.id) ? event.text : undefined;
  };
}

/** Hands out the items of batches one by one; an iterator by hand, because a generator costs a promise more per event. */
function iterate<T>(nextBatch: () => Promise<Batch>, cancel: () => void, pick: (event: StreamEvent) => T | undefined): AsyncIterator<T> {
  let batch: readonly StreamEvent[] = [];
  let index = 0;
  let ended = false;
  const fromBatch = (): IteratorResult<T> | undefined => {
    while (index < batch.length) {
      const value = pick(batch[index++]!);
      if (value !== undefined) return { value, done: false };
    }
    return undefined;
  };
  /** The read that is under way; whoever asks meanwhile waits for it. */
  let reading: Promise<IteratorResult<T>> | undefined;
  const onBatch = (given: Batch): IteratorResult<T> | Promise<IteratorResult<T>> => {
    reading = undefined;
    if (ended || given === undefined) return end();
    batch = given;
    index = 0;
    return fromBatch() ?? next();
  };
  const onFailure = (error: unknown): never => {
    reading = undefined;
    ended = true;
    throw error;
  };
  const end = (): IteratorResult<T> => {
    ended = true;
    return { value: undefined, done: true };
  };
  const after = (): Promise<IteratorResult<T>> => next();
  const next = (): Promise<IteratorResult<T>> => {
    if (reading !== undefined) return reading.then(after, after);
    const result = ended ? end() : fromBatch();
    return result === undefined ? (reading = nextBatch().then(onBatch, onFailure)) : Promise.resolve(result);
  };
  return {
    next,
    return() {
      ended = true;
      batch = [];
      cancel();
      return Promise.resolve({ value: undefined, done: true });
    },
  };
}
