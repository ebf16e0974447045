/** Writes docs/differential.md, what the differential test compares and where we differ: `node scripts/differential.ts`. */
import { writeFileSync } from "node:fs";
import { DIFFERENCES, type Difference } from "../test/differential/differences.ts";
import { FIELDS } from "../test/differential/outcome.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (pattern: RegExp | undefined): string =>
  pattern === undefined ? "all" : `\`${cell(pattern.source.replaceAll("\\/", "/"))}\``;

function table(differences: readonly Difference[], mutants: boolean): string {
  const columns = ["recordings", ...(mutants ? ["change"] : []), "fields", "ours", "theirs", "why ours is right"];
  return [
    `| ${columns.join(" | ")} |`,
    `| ${columns.map(() => "---").join(" | ")} |`,
    ...differences.map(({ recordings, mutations, fields, ours, theirs, why }) => {
      const cells = [code(recordings), ...(mutants ? [code(mutations)] : []), fields.map((field) => `\`${field}\``).join(", ")];
      return `| ${[...cells, cell(ours), cell(theirs), cell(why)].join(" | ")} |`;
    }),
  ].join("\n");
}

/** The page's text. */
export const page = `# The differential test

\`test/differential\` plays recorded provider answers, whole bodies and streams, into the official \`@ai-sdk/*\` provider of their maker and into
\`createCrosspoint\`, both through the same \`fetch\`, and compares what the two make of them. They must agree in every field below, save for the
differences listed here. A listed difference that no longer occurs fails the test too.

The recordings are not part of this repository. They are looked for in \`CROSSPOINT_RECORDED\`, else in \`../shared/recorded\`; where they are absent the
test is skipped, and says so. A file of several answers, one after the other, is played as several streams. Refusals, recorded without
their status, are played with 429 when they speak of a quota, else with 400.

Each short recording is also played changed: every field that is not essential dropped, then made null; unknown fields added everywhere; text
deltas cut into characters. Where the AI SDK's schemas refuse such a mutant, nothing is compared.

## What is compared

${Object.entries(FIELDS)
  .map(([field, meaning]) => `- \`${field}\`: ${meaning}`)
  .join("\n")}

Only calls of the caller's own tools are compared. Tools that the provider runs are shown in different forms: the AI SDK makes tool calls and
results marked \`providerExecuted\` of them, we keep the provider's blocks as they are (parts of type \`provider\`), so that they go back unchanged.
An id that is not on the wire was made up by either side, and only its being there counts. \`cacheRead\`, \`cacheWrite\` and \`reasoning\` that one side
leaves out and the other calls 0 are the same. Within a stream a failure has no HTTP status, so only its message is compared.

Requests are as plain as can be ("Go on."), save that the AI SDK is told of the provider's tools where it reads their blocks only then, and that
answers made through the tool \`json\` are asked for as JSON on both sides, and calls wrapped into one come to a request that declares their tools
(\`test/differential/asks.ts\`).

Embeddings are compared for OpenAI: vectors and tokens. Vertex AI's own form of embeddings (\`predictions\`) is no wire of ours.

## Differences in recordings

${table(
  DIFFERENCES.filter(({ mutations }) => mutations === undefined),
  false,
)}

## Differences in changed recordings

${table(
  DIFFERENCES.filter(({ mutations }) => mutations !== undefined),
  true,
)}

This page is made by \`scripts/differential.ts\`.
`;

if (import.meta.main) writeFileSync(new URL("../docs/differential.md", import.meta.url), page);
