/**
 * Writes src/models/catalogue.gen.ts and src/models/catalogue-full.gen.ts from the model data of the npm package
 * `@earendil-works/pi-ai` (MIT), plus the rows of HAND.
 *
 *     node scripts/catalogue.ts [unpacked package folder] [--version 1.5.2] [--out src/models] [--accept]
 *
 * Without a folder the package is fetched with `npm pack`. A price that moved tenfold, a cache read dearer than input, a model
 * that vanished: the script reports them and writes nothing, unless `--accept` is given.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { doubtsOf, movesOf } from "../src/models/gates.ts";
import { type CatalogueRow, readRows } from "../src/models/row.ts";

const PACKAGE = "@earendil-works/pi-ai";
const SMALL = ["openai", "anthropic", "google", "groq", "deepseek", "mistral", "xai"];
const SMALL_LIMIT = 4096;
/** Models of those that few programs name; they stand in the full catalogue only. */
const FRINGE =
  /research|robotics|computer|customtools|daybreak|cyber|spark|labs-|pixtral|voxtral|nemo|deepseek-v4-1|glm-|ministral|devstral-m|stral\S*-25\d\d$|gpt-4$|gpt-4-t/;
/** Where a provider's models stand a second time, with the same prices. */
const AGAIN: Readonly<Record<string, string>> = { openai: "azure" };
/**
 * Plans where a token has no price of its own, copies of another provider's list (Vertex's has the same prices as Google's, but lacks those of
 * long contexts), and lists without prices.
 */
const LEFT_OUT = /token-plan|coding|copilot|codex|opencode-go|radius|nvidia|typesafe|^azure$|^google-vertex$/;
/** Given away: a price of 0 is meant. Anywhere else it stands for "unknown". */
const FREE = /^google\/gemma-|:free$/;

/** The day the rows of HAND were read. */
const HAND_DATE = "2026-11-20";
/** Models in service that the package lacks, each from the page named. A retired model gets no row. */
const HAND: Readonly<Record<string, readonly string[]>> = {
  openai: [
    // https://developers.openai.com/api/docs/models/gpt-4o-audio-preview
    "gpt-4o-audio-preview 2.5/10 128000 16384 h",
    // https://developers.openai.com/api/docs/models/text-embedding-3-large, which lists both
    "text-embedding-3-large 0.13/0 8192 0 h",
    "text-embedding-3-small 0.02/0 8192 0 h",
    // https://vercel.com/ai-gateway/models/text-embedding-ada-002, at OpenAI's price
    "text-embedding-ada-002 0.1/0 8192 0 h",
  ],
  // https://developers.googleblog.com/en/gemini-embedding-available-gemini-api/
  google: ["gemini-embedding-001 0.15/0 2048 0 h"],
  // https://opencode.ai/data/mistral/mistral-embed.md, which quotes the list price
  mistral: ["mistral-embed 0.1/0 8192 0 h"],
};

/**
 * Claude from 4.5 on costs a tenth more on Amazon Bedrock where a call does not name the global profile: the source's geographic profiles say so,
 * but it gives some plain ids the global price. (https://docs.claude.com/en/docs/build-with-claude/claude-on-vertex-ai has the same rule.)
 */
const REGIONAL = /^anthropic\.claude-(?:[a-z]+-)(?:4-[5-9]|[5-9])(?!\d)/;

interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** The package's form of a model, as far as it is read. */
interface SourceModel {
  readonly id: string;
  readonly type?: string;
  readonly cost?: Rates & { readonly tiers?: readonly (Rates & { readonly inputTokensAbove: number })[] };
  readonly contextWindow?: number;
  readonly maxTokens?: number;
  readonly input?: readonly string[];
  readonly reasoning?: boolean;
}

type Lines = Record<string, readonly string[]>;
type Rows = Readonly<Record<string, readonly CatalogueRow[]>>;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: "string", default: "1.5.2" }, out: { type: "string" }, accept: { type: "boolean", default: false } },
  });
  const root = positionals[0] ?? fetchPackage(values.version);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const data = join(root, "dist/providers/data");
  const manifest = JSON.parse(readFileSync(join(data, ".manifest.json"), "utf8")) as { generatedAt: string };

  const all: Lines = {};
  for (const file of readdirSync(data).sort()) {
    const provider = file.replace(/\.json$/, "");
    if (file.startsWith(".") || LEFT_OUT.test(provider)) continue;
    const again = join(data, `${AGAIN[provider] ?? "none"}.json`);
    all[provider] = writeProvider(provider, readModels(join(data, file)), existsSync(again) ? readModels(again) : []);
  }
  const small: Lines = {};
  const full: Lines = {};
  for (const [provider, rows] of Object.entries(all)) {
    const common = SMALL.includes(provider) ? rows.filter((row) => !isFringe(provider, row, rows)) : [];
    const rest = rows.filter((row) => !common.includes(row));
    if (common.length > 0) small[provider] = common;
    if (rest.length > 0) full[provider] = rest;
  }

  const head = { source: `${PACKAGE}@${version}`, date: manifest.generatedAt.slice(0, 10) };
  const out = values.out ?? join(import.meta.dirname, "../src/models");
  const targets = [
    { path: join(out, "catalogue.gen.ts"), lines: small },
    { path: join(out, "catalogue-full.gen.ts"), lines: full },
  ];
  const complaints = targets.flatMap(({ path, lines }) => check(readCommitted(path), lines));
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0 && !values.accept) {
    console.error(`\n${complaints.length} doubts: nothing written. Look at them, then run again with --accept.`);
    process.exitCode = 1;
    return;
  }
  for (const { path, lines } of targets) {
    const text = render(head, lines, lines === small ? Object.keys(full) : undefined);
    const size = gzipSync(text).length;
    if (lines === small && size > SMALL_LIMIT) throw new Error(`${path} takes ${size} bytes gzipped, more than ${SMALL_LIMIT}`);
    writeFileSync(path, text);
    console.log(`${path}: ${Object.values(lines).flat().length} models, ${size} bytes gzipped`);
  }
}

function fetchPackage(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  execFileSync("npm", ["pack", `${PACKAGE}@${version}`, "--silent"], { cwd: folder });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`npm pack ${PACKAGE}@${version} left no archive`);
  execFileSync("tar", ["xzf", archive], { cwd: folder });
  return join(folder, "package");
}

function readModels(path: string): readonly SourceModel[] {
  const byApi = JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, SourceModel>>;
  const models = Object.values(byApi).flatMap((list) => Object.values(list));
  return models.filter(({ type }) => type === undefined || type === "chat");
}

/**
 * The source sets some windows to where the long-context price begins, so that its users never pay it. Such a window is no limit: the
 * other list's counts, or none.
 */
function windowOf(model: SourceModel, again: readonly SourceModel[]): number {
  const capped = (one: SourceModel): boolean => one.cost?.tiers?.some((tier) => tier.inputTokensAbove >= (one.contextWindow ?? 0)) === true;
  if (!capped(model)) return model.contextWindow ?? 0;
  const other = again.find(({ id }) => id === model.id);
  return other !== undefined && !capped(other) ? (other.contextWindow ?? 0) : 0;
}

function writeProvider(provider: string, models: readonly SourceModel[], again: readonly SourceModel[]): readonly string[] {
  const priced = models.map((model) => ({ ...model, ...regional(provider, model, models), contextWindow: windowOf(model, again) }));
  const lines = new Map(priced.map((model) => [model.id, writeRow(provider, model)]));
  for (const line of HAND[provider] ?? []) {
    const id = line.split(" ", 1)[0]!;
    if (lines.has(id)) console.warn(`${provider}/${id} is listed again: its row by hand can go`);
    else lines.set(id, line);
  }
  return [...lines.values()].sort();
}

/** The price within a region, where the source gives that of the global profile. */
function regional(provider: string, { id, cost }: SourceModel, models: readonly SourceModel[]): Pick<SourceModel, "cost"> {
  const everywhere = models.find((model) => model.id === `global.${id}`)?.cost;
  if (provider !== "amazon-bedrock" || !REGIONAL.test(id) || cost === undefined || cost.input !== everywhere?.input) return {};
  const raise = (rates: Rates): Rates => {
    const { input, output, cacheRead = 0, cacheWrite = 0 } = rates;
    const [more, moreOut, read, write] = [input, output, cacheRead, cacheWrite].map((rate) => Number((rate * 1.1).toPrecision(12)));
    return { ...rates, input: more!, output: moreOut!, cacheRead: read!, cacheWrite: write! };
  };
  return { cost: { ...raise(cost), ...(cost.tiers && { tiers: cost.tiers.map((tier) => ({ ...tier, ...raise(tier) })) }) } };
}

/** Seldom named, or a dated name whose undated one says the same. */
function isFringe(provider: string, row: string, rows: readonly string[]): boolean {
  const [id = "", ...facts] = row.split(" ");
  const undated = id.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, "");
  const copy = undated !== id && rows.includes([undated, ...facts].join(" "));
  return copy || (provider !== "groq" && FRINGE.test(id)) || id.includes("safeguard");
}

function writeRow(provider: string, model: SourceModel): string {
  const { id, cost, contextWindow = 0, maxTokens = 0, input = [], reasoning = false } = model;
  if (/[\s,`$]/.test(id)) throw new Error(`${provider}: the id "${id}" would break its line`);
  const free = cost !== undefined && cost.input === 0 && cost.output === 0;
  const known = cost !== undefined && (!free || FREE.test(`${provider}/${id}`));
  const flags = `${reasoning ? "r" : ""}${input.includes("image") ? "i" : ""}` || "-";
  const tiers = known ? (cost.tiers ?? []).map((tier) => `${tier.inputTokensAbove}:${writeRates(id, tier)}`) : [];
  return [id, known ? writeRates(id, cost) : "-", contextWindow, maxTokens, flags, ...tiers].join(" ");
}

/** The source writes 0 for "no such price". An hour in Anthropic's cache costs twice the input (its price page). */
function writeRates(id: string, { input, output, cacheRead, cacheWrite }: Rates): string {
  const hour =
    id.includes("claude") && cacheWrite === Number((input * 1.25).toPrecision(12)) ? Number((input * 2).toPrecision(12)) : undefined;
  const rates = [input, output, cacheRead || undefined, cacheWrite || undefined, hour].map((rate) => rate ?? "");
  return rates.join("/").replace(/\/+$/, "");
}

function render({ source, date }: { readonly source: string; readonly date: string }, lines: Lines, rest?: readonly string[]): string {
  const models = Object.entries(lines).map(([provider, rows]) => `  ${JSON.stringify(provider)}: \`${group(rows).join("\n")}\`,\n`);
  return `// Written by scripts/catalogue.ts; do not edit. Data: npm ${source} (MIT) and the providers' price pages.
export const SOURCE = ${JSON.stringify(source)};
export const DATE = ${JSON.stringify(date)};
export const HAND_DATE = ${JSON.stringify(HAND_DATE)};
export const MODELS: Readonly<Record<string, string>> = {
${models.join("")}};
${rest === undefined ? "" : `/** Providers that the full catalogue knows more models of. */\nexport const REST = ${JSON.stringify(rest.join(" "))};\n`}`;
}

/** Puts models of which the same is known on one line. */
function group(rows: readonly string[]): readonly string[] {
  const byFacts = new Map<string, string[]>();
  for (const row of rows) {
    const space = row.indexOf(" ");
    const ids = byFacts.get(row.slice(space)) ?? [];
    byFacts.set(row.slice(space), [...ids, row.slice(0, space)]);
  }
  return [...byFacts].map(([facts, ids]) => ids.join(",") + facts);
}

/** The rows of a file that this script wrote. */
function readCommitted(path: string): Rows {
  if (!existsSync(path)) return {};
  const found = readFileSync(path, "utf8").matchAll(/^ {2}"([^"]+)": `([^`]*)`,$/gm);
  return Object.fromEntries([...found].map(([, provider, rows]) => [provider!, readRows(rows!)]));
}

function check(before: Rows, lines: Lines): readonly string[] {
  const after: Rows = Object.fromEntries(Object.entries(lines).map(([provider, rows]) => [provider, readRows(rows.join("\n"))]));
  const complaints: string[] = [];
  for (const [provider, rows] of Object.entries(after)) {
    for (const row of rows) {
      for (const doubt of row.price ? doubtsOf(row.price) : []) complaints.push(`${provider}/${row.id}: ${doubt}`);
    }
  }
  for (const [provider, rows] of Object.entries(before)) {
    const now = new Map((after[provider] ?? []).map((row) => [row.id, row]));
    for (const old of rows) {
      const row = now.get(old.id);
      if (row === undefined) complaints.push(`${provider}/${old.id}: vanished`);
      else for (const move of movesOf(old.price, row.price)) complaints.push(`${provider}/${old.id}: ${move}`);
    }
  }
  return complaints;
}

main();
