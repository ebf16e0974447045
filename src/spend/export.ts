import { CrosspointError } from "../ir/error.ts";
import { ENTRY_FIELDS, SUMMED_TOKENS, type SpendEntry } from "./entry.ts";
import { readLog, type SpendLogQuery } from "./report.ts";
import type { Store } from "./store.ts";

const LAST = ["costUsd", "estimated", "durationMs", "firstEventMs", "attempts"] as const;
const COLUMNS = ["time", "id", ...ENTRY_FIELDS, "tags", "metadata", ...SUMMED_TOKENS, ...LAST] as const;

/**
 * The calls of a query as text, newest first, page by page. `jsonl`: one JSON object a line, as the log holds it. `csv`: RFC 4180 with a
 * header; the cost in US dollars with nine decimals, tags with spaces between them, metadata as JSON, attempts as their number.
 */
export async function* exportLog(store: Store, format: "csv" | "jsonl", query: SpendLogQuery): AsyncGenerator<string> {
  if (format !== "csv" && format !== "jsonl")
    throw new CrosspointError("BAD_REQUEST", 'the format must be "csv" or "jsonl"', { param: "format" });
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  let { cursor } = query;
  do {
    const page = await readLog(store, { ...query, ...(cursor === undefined ? undefined : { cursor }) });
    for (const entry of page.entries)
      yield format === "csv" ? `${COLUMNS.map((column) => cell(entry, column)).join(",")}\r\n` : `${JSON.stringify(entry)}\n`;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function cell(entry: SpendEntry, column: string): string {
  switch (column) {
    case "time":
      return new Date(entry.time).toISOString();
    case "tags":
      return quote(entry.tags?.join(" ") ?? "");
    case "metadata":
      return entry.metadata === undefined ? "" : quote(JSON.stringify(entry.metadata));
    case "costUsd":
      return entry.nanoUsd === undefined ? "" : dollars(entry.nanoUsd);
    case "attempts":
      return String(entry.attempts.length);
    default: {
      const value = entry[column as "user" | "durationMs" | "estimated"];
      return typeof value === "string" ? quote(value) : String(value ?? "");
    }
  }
}

function dollars(nanoUsd: number): string {
  const digits = String(nanoUsd).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
