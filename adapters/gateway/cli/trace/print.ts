import { formatTable, lengthOf, visible } from "../table.ts";
import { rowsOf, type Row, type Used } from "./rows.ts";
import type { TraceSpan } from "./span.ts";

interface Column {
  readonly name: string;
  readonly of: (row: Row) => string;
  readonly number?: true;
  /** Down to so many characters it may be cut. */
  readonly least?: number;
  /** Columns with higher numbers go first where there is no room. */
  readonly sacrifice?: number;
}

const COLUMNS: readonly Column[] = [
  { name: "span", of: ({ name }) => name, least: 16 },
  { name: "time", of: ({ durationMs }) => duration(durationMs), number: true },
  { name: "status", of: ({ status }) => status, least: 9 },
  { name: "try", of: ({ attempt }) => attempt ?? "", sacrifice: 1 },
  { name: "model", of: ({ model }) => model ?? "", least: 8 },
  { name: "in", of: ({ used }) => count(used?.input), number: true },
  { name: "cached", of: ({ used }) => count(used?.cached), number: true, sacrifice: 2 },
  { name: "out", of: ({ used }) => count(used?.output), number: true },
  { name: "USD", of: ({ used }) => (used === undefined ? "" : dollars(used.nanoUsd)), number: true },
  { name: "for", of: ({ attribution }) => attribution ?? "", least: 8, sacrifice: 3 },
];

/** A run as a tree in columns of at most `width` characters, with its sums by model below; a call alone is its own sum. */
export function formatRun(spans: readonly TraceSpan[], width: number): string {
  const rows = rowsOf(spans);
  const start = spans.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
  const end = spans.reduce((most, { endMs }) => Math.max(most, endMs), 0);
  const services = [...new Set(spans.flatMap(({ service }) => service ?? []))].join(", ");
  const said = [
    `trace ${spans[0]?.traceId ?? ""}`,
    ...(services === "" ? [] : [services]),
    new Date(Number.isFinite(start) && Math.abs(start) < 8e15 ? start : 0).toISOString(),
    duration(end - start),
    `${rows.length} ${rows.length === 1 ? "span" : "spans"}`,
  ];
  const lines = [cut(visible(said.join("  ")), width), "", ...formatRows(rows, width)];
  const used = rows.flatMap((row) => row.used ?? []);
  return rows.length === 1 && used.length === 1 ? `${lines.join("\n")}\n` : `${lines.join("\n")}\n\n${formatSums(used)}`;
}

/** What was used, by model and together. */
export function formatSums(all: readonly Used[]): string {
  if (all.length === 0) return "no span tells of a model's tokens or cost\n";
  const models = Map.groupBy(all, ({ model }) => model);
  const line = (name: string, used: readonly Used[]): readonly string[] => [
    name,
    String(used.length),
    ...(["input", "cached", "output"] as const).map((field) => sum(used.map((each) => each[field])).toLocaleString("en-US")),
    dollars(used.every(({ nanoUsd }) => nanoUsd === undefined) ? undefined : sum(used.map(({ nanoUsd }) => nanoUsd ?? 0))),
  ];
  const table = formatTable({
    columns: ["model", "calls", "in", "cached", "out", "USD"].map((name, index) => (index === 0 ? { name } : { name, number: true })),
    rows: Array.from(models, ([name, used]) => line(name, used)),
    total: line("all", all),
  });
  const unpriced = all.filter(({ nanoUsd }) => nanoUsd === undefined).length;
  return unpriced === 0 ? table : `${table}not in the sums, because their price is not known: ${unpriced}\n`;
}

function formatRows(rows: readonly Row[], width: number): readonly string[] {
  let columns = COLUMNS.map((column) => ({ ...column, cells: [column.name, ...rows.map((row) => visible(column.of(row)))] }))
    .filter(({ name, cells }) => cells.slice(1).some((cell) => cell !== "" && !(name === "cached" && cell === "0")))
    .filter(({ name, cells }) => name !== "try" || cells.some((cell) => / /.test(cell)))
    .map((column) => ({ ...column, width: widest(column.cells) }));
  const room = (): number => width - sum(columns.map((column) => column.width)) - 2 * (columns.length - 1);
  const shrink = (): void => {
    for (;;) {
      const [longest] = columns.filter(({ least, width: now }) => least !== undefined && now > least).toSorted((a, b) => b.width - a.width);
      if (room() >= 0 || longest === undefined) return;
      longest.width -= 1;
    }
  };
  for (shrink(); room() < 0; shrink()) {
    const [first] = columns.filter(({ sacrifice }) => sacrifice !== undefined).toSorted((a, b) => b.sacrifice! - a.sacrifice!);
    if (first === undefined) break;
    columns = columns.filter((column) => column !== first).map((column) => ({ ...column, width: widest(column.cells) }));
  }
  return [undefined, ...rows].map((_, index) =>
    columns
      .map(({ cells, width: wide, number }) => {
        const cell = cut(cells[index]!, wide);
        const space = " ".repeat(wide - lengthOf(cell));
        return number === true ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
}

function cut(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${Array.from(text).slice(0, Math.max(0, width - 1)).join("")}…`; // oxfmt-ignore
}

function widest(cells: readonly string[]): number {
  return cells.reduce((most, cell) => Math.max(most, lengthOf(cell)), 0);
}

function count(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en-US");
}

function dollars(nanoUsd: number | undefined): string {
  return nanoUsd === undefined ? "?" : (nanoUsd / 1e9).toFixed(6);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${ms.toFixed(0)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} m ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, "0")} s`;
}
