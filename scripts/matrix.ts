/** Writes docs/matrix.md from the last run of the matrix: `vitest run test/matrix`, then `node scripts/matrix.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import type { MatrixReport, Row } from "../test/matrix/report.ts";

const root = new URL("../", import.meta.url);
const PROVIDERS = {
  "openai-chat": "OpenAI Chat",
  "openai-responses": "OpenAI Responses",
  "anthropic-messages": "Anthropic",
  gemini: "Gemini",
};

type Cell = Row["cells"][number];

/** Numbers reasons in the order they appear. */
function createFootnotes() {
  const texts: string[] = [];
  return {
    texts,
    mark(text: string): string {
      if (!texts.includes(text)) texts.push(text);
      return `[^${texts.indexOf(text) + 1}]`;
    },
  };
}

/** The page's text. */
export function page({ clients }: MatrixReport): string {
  const footnotes = createFootnotes();
  const cells = clients.flatMap((client) => [...client.capabilities, ...client.helpers]).flatMap((row) => row.cells);
  const outcomes = cells.flatMap((cell) => cell.outcomes);
  const failed = outcomes.filter((outcome) => outcome.error !== undefined).length;
  const impossible = cells.filter((cell) => cell.reason !== undefined).length;
  const { devDependencies } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const packages = ["openai", "@anthropic-ai/sdk", "@google/genai"].map((name) => `\`${name}\` ${devDependencies[name]}`).join(", ");

  const show = (cell: Cell): string => {
    if (cell.reason !== undefined) return `–${footnotes.mark(cell.reason)}`;
    const errors = cell.outcomes.filter((outcome) => outcome.error !== undefined);
    const note = cell.note === undefined ? "" : footnotes.mark(cell.note);
    if (errors.length === 0) return `✓${note}`;
    return errors.map(({ form, error }) => `✗ ${form}${footnotes.mark(error!)}`).join(" ") + note;
  };
  const table = (title: string, rows: readonly Row[]): string =>
    [
      `| ${title} | ${Object.values(PROVIDERS).join(" | ")} | forms |`,
      `| --- | ${Object.keys(PROVIDERS)
        .map(() => ":-:")
        .join(" | ")} | --- |`,
      ...rows.map((row) => {
        const forms = row.cells.find((cell) => cell.outcomes.length > 0)?.outcomes.map((outcome) => outcome.form) ?? [];
        return `| ${row.title} | ${row.cells.map(show).join(" | ")} | ${forms.join(", ") || "–"} |`;
      }),
    ].join("\n");
  const sections = clients.map(
    (client) => `## ${client.title}\n\n${table("capability", client.capabilities)}\n\n${table("the client's own helpers", client.helpers)}`,
  );
  const about = [...clients[0]!.capabilities, ...clients.flatMap((client) => client.helpers)].map(
    (row) => `- **${row.title}**: ${row.about}.`,
  );

  return `# The matrix

Every client wire on every provider wire, with the official clients (${packages}) through \`crosspoint.fetch\`, against simulated providers that refuse
what the real ones refuse. ${outcomes.length} checks: ${outcomes.length - failed} hold, ${failed} fail. ${impossible} cells cannot be. Where client and provider speak the same wire, each check
runs twice: once as bytes pass through, once decoded and encoded anew. No real provider was called.

✓ holds in every form that the row names · ✗ fails · – cannot be asked for

Every body and every frame that OpenAI's client received in these checks was also held to the types that \`openai\` declares: required fields, declared
words, and no null where none is allowed.

${sections.join("\n\n")}

## What a mark says

${about.join("\n")}

${footnotes.texts.map((text, index) => `[^${index + 1}]: ${text}.`).join("\n")}

This page is made by \`scripts/matrix.ts\` from the run of \`test/matrix\`; a test holds it to that run.
`;
}

if (import.meta.main) {
  const report = JSON.parse(readFileSync(new URL(".crosspoint/matrix.json", root), "utf8")) as MatrixReport;
  writeFileSync(new URL("docs/matrix.md", root), page(report));
}
