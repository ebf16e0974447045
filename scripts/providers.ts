/**
 * Writes src/providers/compatible.gen.ts, the table of plainly compatible hosts, from a list of providers in JSON, and reports what
 * it left out and why: `node scripts/providers.ts <providers.json>` (default: the variable CROSSPOINT_PROVIDERS_JSON).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { ROWS } from "../src/providers/rows.ts";
import { envName } from "../src/providers/provider.ts";
import type { CodecId } from "../src/ir/target.ts";

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly apiKeyEnv: readonly string[];
  readonly baseURL: string | null;
  readonly dialect: string;
  readonly group: string;
  readonly baseURLVerified: boolean | null;
  readonly notes?: string;
  readonly alternates?: readonly Pick<Entry, "baseURL" | "apiKeyEnv" | "dialect">[];
}

interface Correction {
  readonly base?: string;
  readonly keys?: readonly string[];
  readonly keyOptional?: boolean;
  readonly baseURLEnv?: readonly string[];
  readonly ids?: readonly string[];
  readonly codec?: CodecId;
}

/** What the list says in words, or leaves out; the source stands beside what is not in it. */
const CORRECTIONS: Readonly<Record<string, Correction>> = {
  together_ai: { ids: ["together", "togetherai", "together_ai"] },
  ai21: { ids: ["ai21", "ai21_chat"] },
  nvidia_nim: { ids: ["nvidia_nim", "nvidia"] },
  veniceai: { ids: ["veniceai", "venice"] },
  featherless_ai: { ids: ["featherless_ai", "featherless"] },
  lambda_ai: { ids: ["lambda_ai", "lambda"] },
  friendliai: { ids: ["friendliai", "friendli"] },
  gradient_ai: { ids: ["gradient_ai", "digitalocean"] },
  litellm_proxy: { ids: ["litellm_proxy", "litellm"], base: "{LITELLM_PROXY_API_BASE}", baseURLEnv: [], keyOptional: true },
  bedrock_mantle: { base: "https://bedrock-mantle.{region|AWS_REGION}.api.aws/v1" },
  databricks: { base: "https://{DATABRICKS_HOST}/serving-endpoints", keys: ["DATABRICKS_API_KEY", "DATABRICKS_TOKEN"] },
  ovhcloud: { keyOptional: true },
  // https://ai-sdk.dev/providers/openai-compatible-providers/heroku
  heroku: { base: "https://us.inference.heroku.com/v1", baseURLEnv: ["HEROKU_API_BASE"] },
  // https://huggingface.co/changelog/inference-providers-openai-compatible
  huggingface: { base: "https://router.huggingface.co/v1" },
  // https://docs.helicone.ai/gateway/integrations/llamaindex
  helicone: { base: "https://ai-gateway.helicone.ai/v1", baseURLEnv: ["HELICONE_API_BASE"] },
  meta: { codec: "openai-chat" },
};

const LEFT_OUT: Readonly<Record<string, string>> = {
  anyscale: "retired by its owner",
  azure_ai: "needs Azure's authentication and API versions",
  datarobot: "the path of its chat endpoint is not known",
  github_copilot: "needs a device-code sign-in",
};

const GROUPS: Readonly<Record<string, string>> = {
  "non-chat": "does not chat",
  search: "a search service",
  agent: "an agent, not a model",
  subscription: "a subscription's sign-in, not an API key",
  generic: "no host of its own: use a custom provider",
};

function codecOf(dialect: string): CodecId | undefined {
  if (/^openai-chat(?! over)/.test(dialect)) return "openai-chat";
  return dialect === "openai-responses" || dialect === "anthropic-messages" ? dialect : undefined;
}

const covered = new Set(ROWS.flatMap(({ id, aliases = [] }) => [id, ...aliases]).flatMap((id) => [id, id.replaceAll("_", "-")]));

interface Host {
  readonly section: string;
  readonly line: string;
}

/** As the table has it: no scheme, `api.` short as `.`, the id as `~`, no path where that is `/v1`, and a lone `/` where there is none. */
function plain(base: string, id: string): string {
  const bare = base
    .replace(/\$\{/g, "{")
    .replace(/^https:\/\//, "")
    .replace(/\/+$|\/chat\/completions$/g, "");
  if (!/^http:|\{\w+_(?:URL|BASE)\}/.test(bare)) {
    const rooted = bare.includes("/") ? bare.replace(/^([^/]*)\/v1$/, "$1") : `${bare}/`;
    return rooted.replace(/^api\./, ".").replace(id, "~");
  }
  return bare;
}

function toHost(entry: Entry, codec: CodecId, base: string): Host {
  const correction = CORRECTIONS[entry.id] ?? {};
  const [id = entry.id, ...aliases] = correction.ids ?? [entry.id];
  const label = entry.label.replace(/[;\n]/g, ",");
  const variables = correction.baseURLEnv ?? [
    ...new Set([...(entry.notes ?? "").matchAll(/\b[A-Z0-9_]+_API_BASE\b/g)].map(([name]) => name)),
    ...entry.apiKeyEnv.filter((name) => name.endsWith("_ENDPOINT")),
  ];
  const keys =
    correction.keys ??
    entry.apiKeyEnv.filter((name) => /^[A-Z0-9_]+$/.test(name) && !base.includes(`{${name}}`) && !variables.includes(name));
  const local = /^http:\/\/(?:localhost|127\.0\.0\.1)\b/.test(base);
  const optional = correction.keyOptional === true && !local;
  const keyField = (keys.length === 1 && keys[0] === `${envName(id)}_API_KEY`) || (keys.length === 0 && local) ? "" : keys.join(",");
  const name = label.toLowerCase().replaceAll(" ", "") === id ? label : id;
  const at = variables.length === 0 ? "" : variables.join() === `${envName(id)}_API_BASE` ? "@" : `@${variables.join()}`;
  const fields = [name, plain(base, id) + at, aliases.join(), (optional ? "?" : "") + keyField];
  const section = {
    codec,
    verified: entry.baseURLVerified === true,
    ...(/\baliyuncs\.com\b/.test(base) ? { extends: "alibaba" } : undefined),
    ...(local ? { local } : undefined),
    ...(codec === "anthropic-messages" ? { quirks: { coreFieldsOnly: true } } : undefined),
  };
  return { section: JSON.stringify(section), line: fields.join(";").replace(/;+$/, "") };
}

/** The text of the table, and a report of what is not in it. */
export function makeTable(json: string): { readonly text: string; readonly report: readonly string[] } {
  const entries = JSON.parse(json) as readonly Entry[];
  const aliases = new Set(Object.values(CORRECTIONS).flatMap(({ ids = [] }) => ids.slice(1)));
  const hosts: Host[] = [];
  const skipped: string[] = [];
  for (const entry of entries) {
    const correction = CORRECTIONS[entry.id] ?? {};
    const codec = correction.codec ?? codecOf(entry.dialect);
    const base = correction.base ?? entry.baseURL?.replace(/^\(.*/, "");
    const reason = covered.has(entry.id)
      ? "has a file of its own"
      : (LEFT_OUT[entry.id] ??
        GROUPS[entry.group] ??
        (aliases.has(entry.id) && correction.ids === undefined ? "an alias of another row" : undefined) ??
        (codec === undefined
          ? `no codec for ${entry.dialect}`
          : base === undefined || base === ""
            ? "its base URL is not known"
            : undefined));
    if (reason !== undefined) skipped.push(`${entry.id}: ${reason}`);
    else hosts.push(toHost(entry, codec!, base!));
    for (const { dialect, baseURL, apiKeyEnv } of entry.alternates ?? []) {
      const other = codecOf(dialect);
      if (reason !== undefined || other === undefined || other === codec || baseURL === null) continue;
      hosts.push(
        toHost(
          { ...entry, id: `${entry.id}-anthropic`, label: `${entry.label} (Anthropic wire)`, apiKeyEnv, baseURL, baseURLVerified: null },
          other,
          baseURL,
        ),
      );
    }
  }
  const sections = [...Map.groupBy(hosts, (host) => host.section)].sort(([, a], [, b]) => b.length - a.length);
  const lines = sections.map(([section, rows]) => {
    const sorted = rows.map((row) => row.line).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    return `  {\n    ...${section},\n    hosts: \`\n${sorted.join("\n")}\n\`,\n  },`.replace(
      /^ {4}\.\.\.\{(.*)\},$/m,
      (_match, body: string) => `    ${body.replace(/"(\w+)":/g, "$1: ").replace(/,(?=\w+: )/g, ", ")},`,
    );
  });
  const text = `// Made by scripts/providers.ts; do not edit.
// Facts (ids, base URLs, environment variables) gathered from the documentation of LiteLLM (BerriAI/litellm, MIT), from models.dev (MIT)
// and, for a few base URLs, from mozilla-ai/any-llm (Apache-2.0). Provider names are trademarks of their owners.
import type { CompatibleHosts } from "./compatible-hosts.ts";

export const COMPATIBLE: readonly CompatibleHosts[] = [
${lines.join("\n")}
];
`;
  const report = [
    `${entries.length} entries, ${hosts.length} hosts in the table, ${skipped.length} not in it:`,
    ...skipped.map((line) => `  ${line}`),
  ];
  return { text, report };
}

if (import.meta.main) {
  const path = process.argv[2] ?? process.env["CROSSPOINT_PROVIDERS_JSON"];
  if (path === undefined) throw new Error("give the path of providers.json, or set CROSSPOINT_PROVIDERS_JSON");
  const { text, report } = makeTable(readFileSync(path, "utf8"));
  writeFileSync(new URL("../src/providers/compatible.gen.ts", import.meta.url), text);
  console.log(report.join("\n"));
}
