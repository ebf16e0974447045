/** Writes the support table of the README from docs/matrix.md and the registry. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRegistry } from "../src/providers/registry.ts";

const root = new URL("../", import.meta.url);
const BEGIN = "<!-- support: made by scripts/support.ts -->";
const END = "<!-- /support -->";

/** For each client of the matrix and each provider wire: how many rows hold, of how many that can be asked for. */
function readMatrix(page: string): {
  readonly wires: readonly string[];
  readonly clients: readonly { readonly title: string; readonly cells: readonly string[] }[];
} {
  const sections = page
    .split(/^## /m)
    .slice(1)
    .filter((section) => section.includes("| capability |"));
  const wires = /^\| capability \| (.*) \| forms \|$/m.exec(page)![1]!.split(" | ");
  const clients = sections.map((section) => {
    const rows = [...section.matchAll(/^\| (?!capability|the client|---)(.*) \|$/gm)].map(([, row]) =>
      row!.split(" | ").slice(1, 1 + wires.length),
    );
    const cells = wires.map((_, column) => {
      const marks = rows.map((row) => row[column]!).filter((mark) => !mark.startsWith("–"));
      return `${marks.filter((mark) => mark.startsWith("✓")).length} of ${marks.length}`;
    });
    return { title: section.slice(0, section.indexOf("\n")), cells };
  });
  return { wires, clients };
}

/** The README with its table as it should be. */
export function withSupport(readme: string): string {
  const { wires, clients } = readMatrix(readFileSync(new URL("docs/matrix.md", root), "utf8"));
  const providers = createRegistry({}, {}).list();
  const hosted = providers.filter(({ local }) => !local);
  const confirmed = hosted.filter(({ verified }) => verified).length;
  const table = [
    `| client | ${wires.map((wire) => `${wire} provider`).join(" | ")} |`,
    `| --- |${wires.map(() => " :-: |").join("")}`,
    ...clients.map(({ title, cells }) => `| ${title} | ${cells.join(" | ")} |`),
  ];
  const text = [
    `${providers.length} providers by name ([list](docs/providers.md); the addresses of ${confirmed} of the ${hosted.length} hosted ones are confirmed by a second source), and any host that speaks one of these wires. What the official clients`,
    "can do over each provider wire, counted from [the matrix](docs/matrix.md) (text, streams, tools, reasoning, images, PDFs, structured output, errors, usage, the clients' own helpers):",
    "",
    ...table,
  ].join("\n");
  const [before, rest] = readme.split(BEGIN);
  return `${before}${BEGIN}\n\n${text}\n\n${END}${rest!.split(END)[1]}`;
}

if (import.meta.main) {
  const path = new URL("README.md", root);
  writeFileSync(path, withSupport(readFileSync(path, "utf8")));
}
