import { parseArgs } from "node:util";
import { createCrosspoint, CrosspointError, type Crosspoint, type SpendLine, type SpendQuery } from "crosspoint";
import { openStore } from "./open-store.ts";
import { formatCsv, formatTable, type Table } from "./table.ts";

const COUNTS = [
  ["calls", "calls"],
  ["failures", "failures"],
  ["inputTokens", "input"],
  ["cacheReadTokens", "cached"],
  ["outputTokens", "output"],
] as const;
const FLAWS = ["unpriced", "estimated"] as const;
const AGO = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `crosspoint spend`: what the calls of a spend log cost, in groups, as a table, CSV or JSON. */
export async function runSpend(args: readonly string[], now: number, write: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: "string" },
      group: { type: "string", default: "model" },
      where: { type: "string", multiple: true, default: [] },
      from: { type: "string" },
      to: { type: "string" },
      order: { type: "string" },
      limit: { type: "string" },
      csv: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { from, to, order, limit } = values;
  if (values.csv && values.json) throw invalid("give either --csv or --json, not both");
  const most = limit === undefined ? Infinity : Number(limit);
  if (limit !== undefined && !(Number.isInteger(most) && most > 0)) throw invalid(`--limit must be a number of lines, not "${limit}"`);
  const range: SpendQuery = {
    filter: filterOf(values.where),
    ...(from !== undefined && { from: momentOf("--from", from, now) }),
    ...(to !== undefined && { to: momentOf("--to", to, now) }),
  };
  const groupBy = values.group.split(",").map((word) => word.trim()) as NonNullable<SpendQuery["groupBy"]>;
  const crosspoint = createCrosspoint({ store: await openStore(values.store), env: {} });
  try {
    const query = { ...range, groupBy, ...(order !== undefined && { orderBy: order as NonNullable<SpendQuery["orderBy"]> }) };
    const lines = await readLines(crosspoint, query, most);
    if (values.json) write(`${JSON.stringify(lines, undefined, 2)}\n`);
    else if (values.csv) write(formatCsv(exactTable(groupBy, lines)));
    else if (lines.length === 0) write("no calls in this range\n");
    else write(report(groupBy, lines, (await crosspoint.spend(range)).lines[0]!));
    return 0;
  } catch (error) {
    throw CrosspointError.is(error, "BAD_REQUEST") ? invalid(inWordsOfTheCommand(error.message)) : error;
  } finally {
    await crosspoint.close();
  }
}

async function readLines(crosspoint: Crosspoint, query: SpendQuery, most: number): Promise<readonly SpendLine[]> {
  const lines: SpendLine[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(1_000, most - lines.length);
    const page = await crosspoint.spend({ ...query, limit, ...(cursor !== undefined && { cursor }) });
    lines.push(...page.lines);
    cursor = page.cursor;
  } while (cursor !== undefined && lines.length < most);
  return lines;
}

function report(groupBy: readonly string[], lines: readonly SpendLine[], all: SpendLine): string {
  const cells = (line: SpendLine): readonly string[] => [
    ...COUNTS.map(([field]) => line[field].toLocaleString("en-US")),
    dollars((line.nanoUsd + 500n) / 1_000n, 6),
  ];
  const table: Table = {
    columns: [...groupBy.map((name) => ({ name })), ...[...COUNTS.map(([, name]) => name), "USD"].map((name) => ({ name, number: true }))],
    rows: lines.map((line) => [...groupBy.map((name) => groupOf(line, name) ?? "-"), ...cells(line)]),
    total: [...groupBy.map((_, index) => (index === 0 ? "all calls" : "")), ...cells(all)],
  };
  const notes = [
    all.unpriced > 0 && `not in the sums, because their price is not known (option "prices"): ${all.unpriced}\n`,
    all.estimated > 0 && `estimated, at least in part: ${all.estimated}\n`,
  ];
  return formatTable(table) + notes.filter((note) => note !== false).join("");
}

function exactTable(groupBy: readonly string[], lines: readonly SpendLine[]): Table {
  const fields = [...COUNTS.map(([field]) => field), ...FLAWS];
  return {
    columns: [...groupBy, ...fields, "costUsd"].map((name) => ({ name })),
    rows: lines.map((line) => [
      ...groupBy.map((name) => groupOf(line, name) ?? ""),
      ...fields.map((field) => String(line[field])),
      dollars(line.nanoUsd, 9),
    ]),
  };
}

function groupOf(line: SpendLine, name: string): string | undefined {
  return (line.group as Readonly<Record<string, string | undefined>>)[name];
}

function dollars(units: bigint, decimals: number): string {
  const digits = String(units).padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A date, a moment in ISO 8601, or so many minutes, hours or days ago. */
function momentOf(option: string, text: string, now: number): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const moment = count === undefined ? Date.parse(text) : now - Number(count) * AGO[unit as keyof typeof AGO];
  if (!/^\d/.test(text) || !Number.isFinite(moment))
    throw invalid(
      `${option} must be a date as 2026-11-01, a moment as 2026-11-01T09:00:00Z, or a time ago as 30m, 12h or 7d, not "${text}"`,
    );
  return moment;
}

/** `team=search` narrows to that team; several words for one field mean any of them. */
function filterOf(pairs: readonly string[]): NonNullable<SpendQuery["filter"]> {
  const fields: Record<string, string[]> = {};
  const metadata: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw invalid(`--where must be FIELD=VALUE as team=search, not "${pair}"`);
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (name.startsWith("metadata.")) metadata[name.slice("metadata.".length)] = value;
    else (fields[name] ??= []).push(value);
  }
  return { ...fields, ...(Object.keys(metadata).length > 0 && { metadata }) };
}

/** The names of a query's fields, as the command line calls them. */
function inWordsOfTheCommand(message: string): string {
  return message
    .replace(/^groupBy\b/, "--group")
    .replace(/^orderBy\b/, "--order")
    .replace(/^filter\.(\S+)/, '--where: "$1"');
}

function invalid(message: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message);
}
