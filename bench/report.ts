/** One table of a run: its columns by name, each row a subject. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** Prints tables for people, or as JSON with `--json`. */
export function print(tables: readonly Table[]): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(tables, undefined, 2));
    return;
  }
  for (const { title, rows } of tables) {
    console.log(`\n${title}`);
    const columns = Object.keys(rows[0] ?? {});
    const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
    const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
    for (const line of cells)
      console.log(`  ${line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  ")}`);
  }
}

/** Whether this module is what Node was started with. */
export function isMain(meta: ImportMeta): boolean {
  return meta.main;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** `--rounds 40` and the like; `fallback` where it is not given. */
export function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? Number.NaN : Number(process.argv[at + 1]);
  return Number.isFinite(value) && value > 0 ? value : fallback;
}
