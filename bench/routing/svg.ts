/** A bar of a chart; `kind` gives its colour. */
export interface Bar {
  readonly label: string;
  readonly kind: number;
  readonly value: number;
  /** What is written behind it. */
  readonly text: string;
}

export interface Line {
  readonly label: string;
  readonly kind: number;
  /** By x, from 0 on, evenly spaced. */
  readonly values: readonly number[];
}

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 110;
const ROW = 22;
const COLOURS = ["#8b949e", "#d08700", "#2f81f7", "#1a7f37"] as const;

/** Follows the reader's light or dark setting, in pages that embed the file as an image too. */
const STYLE = `<style>text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:14px}.grid{stroke:#8b949e;stroke-opacity:.35}.shade{fill:#cf222e;fill-opacity:.12}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>`;

/** Horizontal bars, the longest value filling the width. */
export function bars(title: string, rows: readonly Bar[], most = Math.max(...rows.map(({ value }) => value))): string {
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const lines = rows.map(({ label, kind, value, text }, index) => {
    const y = 34 + index * ROW;
    const width = Math.max(1, Math.min(value, most) * scale).toFixed(1);
    return `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escape(label)}</text><rect x="${LEFT}" y="${y}" width="${width}" height="15" rx="2" fill="${COLOURS[kind]}"/><text x="${LEFT + Number(width) + 6}" y="${y + 12}">${escape(text)}</text>`;
  });
  return frame(title, 40 + rows.length * ROW, lines);
}

/** Shares over time; `shades` are stretches of x that are marked. */
export function lines(
  title: string,
  list: readonly Line[],
  { from, xLabel, shades }: { readonly from: number; readonly xLabel: string; readonly shades: readonly (readonly [number, number])[] },
): string {
  const [left, right, top, height] = [52, 16, 34, 190];
  const count = Math.max(...list.map(({ values }) => values.length));
  const x = (at: number): string => (left + (at / (count - 1)) * (WIDTH - left - right)).toFixed(1);
  const y = (value: number): string => (top + (1 - (Math.max(from, value) - from) / (1 - from)) * height).toFixed(1);
  const marks = shades.map(
    ([start, end]) =>
      `<rect class="shade" x="${x(start)}" y="${top}" width="${(Number(x(end)) - Number(x(start))).toFixed(1)}" height="${height}"/>`,
  );
  const grid = [0, 1, 2, 3, 4].map((step) => {
    const value = from + ((1 - from) * step) / 4;
    return `<line class="grid" x1="${left}" x2="${WIDTH - right}" y1="${y(value)}" y2="${y(value)}"/><text x="${left - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${Math.round(value * 100)} %</text>`;
  });
  const paths = list.map(
    ({ kind, values }) =>
      `<polyline fill="none" stroke="${COLOURS[kind]}" stroke-width="1.6" points="${values.map((value, at) => `${x(at)},${y(value)}`).join(" ")}"/>`,
  );
  const legend = list.map(
    ({ label, kind }, index) =>
      `<rect x="${left + index * 230}" y="${top + height + 30}" width="12" height="4" fill="${COLOURS[kind]}"/><text x="${left + 18 + index * 230}" y="${top + height + 37}">${escape(label)}</text>`,
  );
  const axis = `<text x="${(left + WIDTH - right) / 2}" y="${top + height + 17}" text-anchor="middle">${escape(xLabel)}</text>`;
  return frame(title, top + height + 48, [...marks, ...grid, ...paths, axis, ...legend]);
}

function frame(title: string, height: number, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escape(title)}</title>
${STYLE}
<text class="title" x="12" y="20">${escape(title)}</text>
${content.join("\n")}
</svg>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
