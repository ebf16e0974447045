/** Writes docs/providers.md, the page of all providers that come with the package: `node scripts/provider-table.ts`. */
import { writeFileSync } from "node:fs";
import { createRegistry } from "../src/providers/registry.ts";

const list = createRegistry({}, {})
  .list()
  .toSorted((a, b) => (a.id < b.id ? -1 : 1));
const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text)}\``;

const hosted = list.filter((info) => !info.local);
const rows = (part: typeof list): string =>
  [
    "| id | name | wire | base URL | key variable | base URL confirmed |",
    "| --- | --- | --- | --- | --- | --- |",
    ...part.map(
      ({ id, label, aliases, codec, baseURL, keyEnv, tokenEnv, keyOptional, verified }) =>
        `| ${[id, ...aliases].map(code).join(", ")} | ${cell(label)} | ${codec} | ${code(baseURL)} | ${[...keyEnv, ...tokenEnv].map(code).join(", ")}${keyOptional ? " (optional)" : ""} | ${verified ? "yes" : "no"} |`,
    ),
  ].join("\n");

/** The page's text. */
export const page = `# Providers

${list.length} providers: ${hosted.length} hosted (the base URLs of ${hosted.filter((info) => info.verified).length} are confirmed) and ${list.length - hosted.length} on your own machine. Write \`provider/model\`, with an id or one of its
aliases, for instance \`groq/openai/gpt-oss-120b\`; \`-\` may stand for \`_\`. "Confirmed: no" means that only one list names the base URL: check it
before you rely on it. None was tried with a live key. A provider that is missing here takes one entry:
\`providers: { lab: { codec: "openai-chat", baseURL: "https://lab.example/v1" } }\`.

\`{NAME}\` in a base URL is filled from \`params\` under that provider, or from the environment variable of that name.

## Hosted

${rows(hosted)}

## On your own machine or network

Their base URL variables (such as \`OLLAMA_HOST\`) take \`host:port\` too.

${rows(list.filter((info) => info.local))}

## Sources

Ids, base URLs and key variables are facts gathered from the documentation of LiteLLM (BerriAI/litellm, MIT), from models.dev (MIT) and, for a few
base URLs, from mozilla-ai/any-llm (Apache-2.0). Provider names are trademarks of their owners. This page is made by \`scripts/provider-table.ts\`.
`;

if (import.meta.main) writeFileSync(new URL("../docs/providers.md", import.meta.url), page);
