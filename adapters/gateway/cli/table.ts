/** Rows of texts under a header; numbers are marked, so that they stand to the right. */
export interface Table {
  readonly columns: readonly { readonly name: string; readonly number?: boolean }[];
  readonly rows: readonly (readonly string[])[];
  /** Stands below a line. */
  readonly total?: readonly string[];
}

/** Control characters, which could steer a terminal, as `?`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

/** A table for people: columns aligned, two spaces between them. */
export function formatTable({ columns, rows, total }: Table): string {
  const shown = [columns.map(({ name }) => name), ...rows, ...(total === undefined ? [] : [total])].map((row) => row.map(visible));
  const widths = columns.map((_, column) => Math.max(...shown.map((row) => lengthOf(row[column]!))));
  const lines = shown.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat(widths[column]! - lengthOf(cell));
        return columns[column]!.number === true ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  lines.splice(1, 0, rule);
  if (total !== undefined) lines.splice(-1, 0, rule);
  return `${lines.join("\n")}\n`;
}

/** RFC 4180 with a header. What a spreadsheet would run as a formula gets an apostrophe in front. */
export function formatCsv({ columns, rows }: Table): string {
  const lines = [columns.map(({ name }) => name), ...rows];
  return lines.map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Characters, as a terminal counts them but for wide ones. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
