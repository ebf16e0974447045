import { readFileSync } from "node:fs";
import { ConnectionReset, timerSleep, type Exchanges, type Reply } from "../core/exchange.ts";
import { createFetch } from "../core/fetch.ts";
import {
  decodeChunk,
  describeRequest,
  differences,
  parseCassette,
  type Cassette,
  type CassetteEntry,
  type CassetteRequest,
} from "./cassette.ts";

export interface ReplayOptions {
  readonly file?: string;
  readonly cassette?: Cassette;
  /** `real` repeats the recorded pauses, `none` leaves them out. Default: `none`. */
  readonly timing?: "real" | "none";
  /**
   * `strict` finds the exchange with the same method, path and body, each used once; `sequence` takes them in the order recorded
   * and only holds method and path against them. Default: `strict`.
   */
  readonly match?: "strict" | "sequence";
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A `fetch` that answers from a cassette and never from the network. A request that is not recorded is an error that says what differs. */
export function replay(options: ReplayOptions): typeof globalThis.fetch {
  let left: CassetteEntry[] | undefined;
  const load = () => [...(options.cassette ?? (options.file === undefined ? [] : parseCassette(readFileSync(options.file, "utf8"))))];
  const sleep = options.timing === "real" ? (options.sleep ?? timerSleep) : async () => {};
  let open = 0;

  async function* play(entry: CassetteEntry, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    let now = entry.response?.at ?? 0;
    try {
      for (const chunk of entry.response?.chunks ?? []) {
        await sleep(Math.max(0, chunk.at - now), signal);
        now = chunk.at;
        if (signal.aborted) return;
        yield decodeChunk(chunk);
      }
      if (entry.response?.incomplete === true) throw new ConnectionReset();
    } finally {
      open -= 1;
    }
  }

  const exchanges: Exchanges = {
    async answer(incoming, signal): Promise<Reply | undefined> {
      left ??= load();
      const request = describeRequest(incoming.method, incoming.url.href, new TextDecoder().decode(incoming.body));
      const entry = take(left, request, options.match ?? "strict");
      if (entry.response === undefined) throw new TypeError(entry.failure ?? "fetch failed");
      await sleep(entry.response.at, signal);
      if (signal.aborted) return undefined;
      open += 1;
      return { status: entry.response.status, headers: entry.response.headers, chunks: play(entry, signal) };
    },
    get open() {
      return open;
    },
  };
  return createFetch(exchanges);
}

function take(left: CassetteEntry[], request: CassetteRequest, match: "strict" | "sequence"): CassetteEntry {
  const index =
    match === "sequence" ? 0 : left.findIndex((entry) => sameTarget(entry.request, request) && entry.request.hash === request.hash);
  const found = left[index];
  if (found === undefined || !sameTarget(found.request, request)) throw new Error(notRecorded(left, request));
  left.splice(index, 1);
  return found;
}

function target(request: CassetteRequest): string {
  const { pathname, search } = new URL(request.url);
  return `${request.method} ${pathname}${search}`;
}

function sameTarget(left: CassetteRequest, right: CassetteRequest): boolean {
  return target(left) === target(right);
}

const LISTED = 5;
const COUNTED = 1000;

function notRecorded(left: readonly CassetteEntry[], request: CassetteRequest): string {
  const start = `No recorded exchange is left for ${target(request)} (body ${request.hash}).`;
  const ranked = left
    .map((entry) => ({
      entry,
      distance: differences(entry.request.body, request.body, COUNTED).length + (sameTarget(entry.request, request) ? 0 : COUNTED),
    }))
    .toSorted((one, other) => one.distance - other.distance);
  const nearest = ranked[0]?.entry.request;
  if (nearest === undefined) return `${start} The cassette is used up.`;
  const where = differences(nearest.body, request.body, LISTED).join(", ");
  return `${start} The nearest is ${target(nearest)} (body ${nearest.hash})${where === "" ? "." : `, which differs in ${where}.`}`;
}
