import { CrosspointError } from "../ir/error.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../transport/clock.ts";
import type { Transport } from "../transport/transport.ts";
import { download } from "./download.ts";
import { reasonOf } from "./exchange.ts";
import type { Book } from "../models/book.ts";
import { type Catalogue, loadWhole, type LoadedFacts } from "../models/catalogue.ts";
import type { PriceFormat, PriceList, RefusedPrice } from "../models/formats/list.ts";
import { readPriceList } from "../models/formats/read.ts";
import { layOver } from "../models/lay.ts";
import type { CatalogueOptions } from "../models/options.ts";

/** How the list of the `catalogue` option fares. */
export interface RefreshState {
  /** Its URL without the query, its path, or `data`. */
  readonly from: string;
  /** Absent before it was first read. */
  readonly format?: PriceFormat;
  /** When it was last read, in milliseconds since 1970. */
  readonly at?: number;
  /** Models that it has a price for and that are in force. */
  readonly models: number;
  /** Entries that were not taken: their old price stays. */
  readonly refused: readonly RefusedPrice[];
  /** Fields about prices that have no place here, with the number of models that have them. */
  readonly unused: Readonly<Record<string, number>>;
  /** Why the last attempt failed; what was in force before stays. */
  readonly error?: CrosspointError;
}

export interface Refresh {
  /** The end of the first attempt. Never rejects. */
  readonly first: Promise<void>;
  readonly state: () => RefreshState;
  stop(): void;
}

interface Around {
  readonly book: Book;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** The id of the provider that a list names. */
  readonly nameOf: (id: string) => string;
}

/** Warnings about single entries; the state has them all. */
const MAX_WARNINGS = 20;

/** Begins to load a list, and loads it again every `refreshMs`. */
export function createRefresh(options: CatalogueOptions, { book, transport, clock, logger, nameOf }: Around): Refresh {
  const { url, file, data, format, refreshMs } = options;
  const from = url === undefined ? (file ?? "data") : shown(url);
  let state: RefreshState = { from, models: 0, refused: [], unused: {} };
  let last: LoadedFacts | undefined;
  let base: Catalogue | undefined;
  let etag: string | undefined;
  let timer: ReturnType<NonNullable<Clock["standing"]>> | undefined;
  const stopping = new AbortController();

  const read = async (): Promise<PriceList | undefined> => {
    if (file !== undefined) return readPriceList(await readFile(file), format);
    if (url === undefined) return readPriceList(typeof data === "function" ? await (data as () => unknown)() : data, format);
    const answer = await download(url, { transport, clock, etag, signal: stopping.signal });
    if (answer === undefined) return undefined;
    const list = readPriceList(answer.text, format);
    ({ etag } = answer);
    return list;
  };
  const load = async (): Promise<void> => {
    try {
      const list = await read();
      if (stopping.signal.aborted) return;
      const at = clock.now();
      if (list === undefined) {
        const { error: _, ...rest } = state;
        state = { ...rest, at };
        return;
      }
      base ??= (await loadWhole()).catalogue;
      const day = new Date(at).toISOString().slice(0, 10);
      const laid = layOver(withLast(base, last), list, { from, day, nameOf, ...(last !== undefined && { last }) });
      await book.lay((last = laid.facts));
      state = { from, format: list.format, at, models: laid.priced, refused: laid.refused, unused: list.unused };
      warn(laid.refused);
    } catch (cause) {
      const error = CrosspointError.is(cause)
        ? cause
        : new CrosspointError("CONNECTION", `the price list cannot be read: ${reasonOf(cause)}`, { cause });
      state = { ...state, error };
      tell({ catalogue: from, error: error.code, reason: error.message }, "price list not loaded; the old prices stay");
    }
  };
  const tell = (fields: object, message: string): void => {
    try {
      logger?.warn(fields, message);
    } catch {
      // a logger that throws does not end the refresh
    }
  };
  const warn = (refused: readonly RefusedPrice[]): void => {
    for (const { model, reason } of refused.slice(0, MAX_WARNINGS)) tell({ catalogue: from, model, reason }, "price refused");
    const more = refused.length - MAX_WARNINGS;
    if (more > 0) tell({ catalogue: from, more }, "further prices refused");
  };
  const again = (): void => {
    if (refreshMs === undefined || stopping.signal.aborted) return;
    const callback = (): void => void load().then(again);
    timer = clock.standing?.(refreshMs, callback) ?? { stop: clock.after(refreshMs, callback) };
    timer.hold?.(false);
  };
  const first = load().then(again);
  return {
    first,
    state: () => state,
    stop() {
      stopping.abort(new CrosspointError("ABORTED", "this Crosspoint was closed"));
      timer?.stop();
    },
  };
}

interface FileSystem {
  readonly readFile: (path: string, encoding: "utf8") => Promise<string>;
}

async function readFile(path: string): Promise<string> {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => FileSystem | undefined } };
  const files = process?.getBuiltinModule?.("node:fs/promises");
  if (files === undefined)
    throw new CrosspointError("UNSUPPORTED", "this runtime has no files: give catalogue.data", { param: "catalogue.file" });
  try {
    return await files.readFile(path, "utf8");
  } catch (cause) {
    throw new CrosspointError("NOT_FOUND", `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** What an entry is compared with: the list that is in force, else what the package brings. */
function withLast(base: Catalogue, last: LoadedFacts | undefined): Catalogue {
  return last === undefined ? base : { ...base, rows: (name) => new Map([...base.rows(name), ...(last.get(name) ?? [])]) };
}

/** A URL as it may be shown: its query may hold a secret. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
