import type { RecordedRequest, Wire } from "../types.ts";
import type { Json } from "./json.ts";
import { decide } from "./provider.ts";
import type { Incoming, Outcome, ProviderState } from "./state.ts";
import { withoutSecretQuery, withoutSecrets } from "./secrets.ts";
import type { BodyEvent } from "./stream.ts";

/** The connection broke, as the peer's socket would tell. */
export class ConnectionReset extends Error {
  readonly code = "ECONNRESET";
  constructor() {
    super("read ECONNRESET");
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Throws `ConnectionReset` where the connection breaks; ends early when the client goes away. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

export interface Exchanges {
  /** Answers one request; throws `ConnectionReset` when no headers come, and nothing else. Undefined: the client left before. */
  answer(incoming: Incoming, signal: AbortSignal): Promise<Reply | undefined>;
  readonly open: number;
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

type MutableRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** Runs decided answers in time, and keeps the record of them. */
export function createExchanges(state: ProviderState, sleep: Sleep, requests: RecordedRequest[]): Exchanges {
  let open = 0;

  async function* run(events: Iterable<BodyEvent>, signal: AbortSignal, record: MutableRecord): AsyncGenerator<Uint8Array, void> {
    let complete = false;
    try {
      for (const event of events) {
        if (signal.aborted) return;
        if ("reset" in event) {
          complete = true;
          throw new ConnectionReset();
        }
        if ("waitMs" in event) await sleep(event.waitMs, signal);
        else yield event.bytes;
      }
      complete = true;
    } finally {
      open -= 1;
      record.aborted = !complete;
    }
  }

  return {
    async answer(incoming, signal) {
      const record: MutableRecord = {
        method: incoming.method,
        path: pathOf(incoming.url),
        headers: withoutSecrets(incoming.headers),
        body: null as Json,
        wire: "openai-chat" as Wire,
        time: state.clock(),
        aborted: false,
      };
      requests.push(record);
      open += 1;
      let outcome: Outcome;
      try {
        outcome = decide(state, incoming, (found) => Object.assign(record, found));
      } catch (error) {
        open -= 1;
        throw error;
      }
      if (outcome.delayMs > 0) await sleep(outcome.delayMs, signal);
      if (signal.aborted || outcome.reply === "reset") {
        open -= 1;
        record.aborted = signal.aborted;
        if (signal.aborted) return undefined;
        throw new ConnectionReset();
      }
      record.status = outcome.reply.status;
      const { status, headers, body } = outcome.reply;
      return { status, headers, chunks: run(body, signal, record) };
    },
    get open() {
      return open;
    },
  };
}

function pathOf(url: URL): string {
  const clean = withoutSecretQuery(url.href);
  return clean.pathname + clean.search;
}

/** Waits by a timer that does not keep the process alive once the client has gone. */
export function timerSleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
