import { APIError, OpenAIError, type OpenAI } from "openai";
import { Stream } from "openai/streaming";
import type { ClientAnswer, ClientFrames } from "crosspoint";

type Streamed = Extract<ClientAnswer, { readonly frames: ClientFrames }>;

interface StreamOwner {
  readonly controller: AbortController;
  readonly client: OpenAI;
  /** Lets go of the caller's signal. */
  readonly release: () => void;
}

type Item = Readonly<Record<string, unknown>>;

const END: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** The frames as the official client's stream of objects. */
export function toStream({ frames, headers }: Streamed, { controller, client, release }: StreamOwner): Stream<Item> {
  let consumed = false;
  return new Stream<Item>(
    () => {
      if (consumed) return failed(new OpenAIError("Cannot iterate over a consumed stream, use `.tee()` to split the stream."));
      consumed = true;
      return iterate();
    },
    controller,
    client,
  );

  function iterate(): AsyncIterator<Item> {
    let items: readonly Item[] = [];
    let index = 0;
    let ended = false;
    let reading: Promise<IteratorResult<Item>> | undefined;

    const end = (): IteratorResult<Item> => {
      ended = true;
      release();
      return END;
    };
    /** The next of the items that are here; `undefined` when more have to come. */
    const take = (): IteratorResult<Item> | undefined => {
      if (controller.signal.aborted && !ended) frames.cancel();
      if (ended || controller.signal.aborted) return end();
      const item = items[index];
      if (item === undefined) return undefined;
      index += 1;
      const error = item["error"] ?? (item["type"] === "error" ? item : undefined);
      if (!error) return { value: item, done: false };
      end();
      controller.abort();
      throw new APIError(undefined, error, undefined, new Headers(headers));
    };
    const onText = (text: string | undefined): IteratorResult<Item> | Promise<IteratorResult<Item>> => {
      if (text === undefined) return end();
      items = parse(text);
      index = 0;
      return take() ?? pull();
    };
    const onFailure = (error: unknown): IteratorResult<Item> => {
      const result = end();
      if (controller.signal.aborted) return result;
      throw error;
    };
    const pull = (): Promise<IteratorResult<Item>> => frames.pull().then(onText, onFailure);
    const after = (): Promise<IteratorResult<Item>> => next();
    const next = (): Promise<IteratorResult<Item>> => {
      // Whoever asks while a read is under way comes after it.
      if (reading !== undefined) return reading.then(after, after);
      try {
        const taken = take();
        if (taken !== undefined) return Promise.resolve(taken);
      } catch (error) {
        return Promise.reject(error as Error);
      }
      const read = pull();
      reading = read;
      const forget = (): void => {
        if (reading === read) reading = undefined;
      };
      read.then(forget, forget);
      return read;
    };
    return {
      next,
      return() {
        if (!ended) {
          controller.abort();
          frames.cancel();
        }
        return Promise.resolve(end());
      },
    };
  }
}

/** The same frames as the body of a response. */
export function toReadable(frames: ClientFrames, controller: AbortController, release: () => void): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(sink) {
        const text = await frames.pull();
        if (text !== undefined) return sink.enqueue(utf8.encode(text));
        release();
        sink.close();
      },
      cancel() {
        release();
        controller.abort();
        frames.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

function parse(text: string): Item[] {
  const items: Item[] = [];
  let from = 0;
  for (;;) {
    const at = text.indexOf("data: ", from);
    if (at < 0) return items;
    const end = text.indexOf("\n\n", at);
    const data = text.slice(at + 6, end);
    if (data !== "[DONE]") items.push(JSON.parse(data) as Item);
    from = end + 2;
  }
}

function failed(error: Error): AsyncIterator<never> {
  return { next: () => Promise.reject(error) };
}
