/** Writes docs/conformance.md from the cases and the titles of the tests. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LATER, SECTIONS } from "./conformance-cases.ts";
import type { Case } from "./conformance-wires.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
export const PAGE = `${root}docs/conformance.md`;

/** A text that begins with a case's id: a title, or the row of a table of cases. */
const TITLE = /["'`]([A-Z]{1,2}\d\d\b[^"'`\n]*)/g;
const ID = /\b([A-Z]{1,2})(\d\d)(?:[–-]\1(\d\d))?\b/g;

/** The files whose tests name a case, by its id. */
export function findTests(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync("test/**/*.test.ts", { cwd: root }).sort()) {
    for (const [, title] of readFileSync(root + file, "utf8").matchAll(TITLE)) {
      for (const [, letters, from, to = from] of title!.matchAll(ID)) {
        for (let number = Number(from); number <= Number(to); number++) {
          const id = letters! + String(number).padStart(2, "0");
          const files = found.get(id) ?? [];
          found.set(id, files);
          if (!files.includes(file)) files.push(file);
        }
      }
    }
  }
  return found;
}

const HEAD = `# Conformance

What the wires must get right, case by case, and where a test shows it. The cases were gathered from the behaviour of the providers and of the
clients that people use with them. Where something is met in another way, or not at all, the reason stands beside it. This page is made by
\`node scripts/conformance.ts\`; a test keeps it current.
`;

const nameOf = (file: string): string => file.replace(/^test\/(?:codecs\/)?|\.test\.ts$/g, "");

function row([id, line, note]: Case, tests: readonly string[]): string {
  const links = tests.map((file) => `[${nameOf(file)}]`).join(", ");
  const why = note === undefined ? "" : "out" in note ? `**Not built:** ${note.out}` : `**Otherwise:** ${note.differs}`;
  return `| ${id} | ${[line, why].filter(Boolean).join(". ")} | ${links} |`;
}

/** The page as it should be. */
export function renderPage(tests = findTests()): string {
  const all = SECTIONS.flatMap(({ cases }) => cases);
  const count = (kind: "out" | "differs"): number => all.filter(([, , note]) => note !== undefined && kind in note).length;
  const sum = `${all.length} cases: ${all.length - count("out")} tested, ${count("differs")} of them met in another way, ${count("out")} not built.`;
  const sections = SECTIONS.map(
    ({ title, cases }) =>
      `## ${title}\n\n| Case | What is asked | Tests |\n|---|---|---|\n${cases.map((each) => row(each, tests.get(each[0]) ?? [])).join("\n")}\n`,
  );
  const later = `## Not part of this package yet\n\n${LATER.map(([title, ids]) => `- ${title} (${ids})`).join("\n")}\n`;
  const files = new Set(all.flatMap(([id]) => tests.get(id) ?? []));
  const targets = [...files].toSorted().map((file) => `[${nameOf(file)}]: ../${file}\n`);
  return [HEAD, `${sum}\n`, ...sections, later, targets.join("")].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, renderPage());
