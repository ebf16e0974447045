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

## Azure, Bedrock, Vertex AI

They have an address for each resource, region or project, and so no row above. Each has an endpoint that speaks Chat Completions:

\`\`\`ts
import { createCrosspoint } from "crosspoint";

const crosspoint = createCrosspoint({
  providers: {
    azure: { codec: "openai-chat", baseURL: "https://RESOURCE.openai.azure.com/openai/v1", auth: { header: "api-key" } }, // AZURE_API_KEY
    bedrock: { codec: "openai-chat", baseURL: "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1" }, // BEDROCK_API_KEY
    vertex: {
      codec: "openai-chat",
      baseURL: "https://LOCATION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION/endpoints/openapi",
      authToken: async () => "an access token of Google Cloud", // called for each attempt; models are vertex/google/gemini-2.5-flash
    },
  },
  models: { chat: { deployments: [{ model: "azure/my-deployment", baseModel: "openai/gpt-4o" }] } },
});
console.log(crosspoint.deployments("chat")[0]?.traits.contextWindow); // that of gpt-4o
\`\`\`

## Sources

Ids, base URLs and key variables are facts gathered from the documentation of LiteLLM (BerriAI/litellm, MIT), from models.dev (MIT) and, for a few
base URLs, from mozilla-ai/any-llm (Apache-2.0). Provider names are trademarks of their owners. This page is made by \`scripts/provider-table.ts\`.
`;

if (import.meta.main) writeFileSync(new URL("../docs/providers.md", import.meta.url), page);
