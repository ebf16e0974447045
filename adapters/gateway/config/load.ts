import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { GatewayConfig } from "./config.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isLiteLLM, readLiteLLM } from "./litellm/read.ts";
import { readNative } from "./native.ts";
import { createReport, toError, type ConfigProblem, type Report } from "./report.ts";
import { readSource, type Source } from "./source.ts";
import { fillVariables, type Env } from "./variables.ts";
import { verify } from "./verify.ts";

/** A config file that was looked through. */
export interface ConfigCheck {
  /** Absent when there are errors that keep it from being understood. */
  readonly config?: GatewayConfig;
  /** All that was found, errors and warnings. */
  readonly problems: readonly ConfigProblem[];
  /** The files that it is made of, those that are not there too. */
  readonly files: readonly string[];
  /** What they held when they were read; see `fingerprintOf`. */
  readonly fingerprint: string | undefined;
}

/** Reads a config file, ours or LiteLLM's. Throws INVALID_OPTIONS with line and column for all that is wrong in it. */
export async function loadConfig(path: string, env: Env): Promise<GatewayConfig> {
  const report = createReport();
  return finish(understand((await readSources(path, env, report)).sources, env, report), report);
}

/** Reads the text of a config file that includes no other. Throws as `loadConfig` does. */
export function parseConfig(text: string, path: string, env: Env): GatewayConfig {
  const report = createReport();
  return finish(understand([readSource(text, path, report)], env, report), report);
}

/** Looks a config file through, down to the models that its groups name. Nothing is opened or asked. */
export async function checkConfig(path: string, env: Env): Promise<ConfigCheck> {
  const report = createReport();
  const { sources, texts } = await readSources(path, env, report);
  const files = [...texts.keys()];
  const fingerprint = fingerprintOf([...texts.values()]);
  const config = understand(sources, env, report);
  // What is wrong in one place does not hide what is wrong in another.
  const found = config === undefined ? [] : await verify(config, env);
  const problems = [...report.problems, ...found];
  const isGood = config !== undefined && !problems.some(({ level }) => level === "error");
  return { problems, files, fingerprint, ...(isGood && { config: { ...config, warnings: problems } }) };
}

function finish(config: GatewayConfig | undefined, { failed, problems }: Report): GatewayConfig {
  if (config === undefined || failed) throw toError(problems);
  return { ...config, warnings: problems };
}

/** As far as it can be understood. */
function understand(sources: readonly Source[], env: Env, report: Report): GatewayConfig | undefined {
  const [first] = sources;
  if (first === undefined || sources.some(({ value }) => value === undefined)) return undefined;
  return isLiteLLM(first) ? readLiteLLM(sources, env, report) : readNative(first, env, report);
}

interface Read {
  readonly sources: readonly Source[];
  /** By path; empty where there is no such file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The file, and the files that LiteLLM's `include` names in it. */
async function readSources(path: string, env: Env, report: Report): Promise<Read> {
  const sources: Source[] = [];
  const texts = new Map<string, string>();
  const read = async (file: string, place: string): Promise<Source | undefined> => {
    texts.set(file, "");
    try {
      const text = await readFile(file, "utf8");
      texts.set(file, text);
      const source = readSource(text, file, report);
      sources.push(source);
      return source;
    } catch (error) {
      const reason = reasonOf(error as NodeJS.ErrnoException);
      report.error(place, place === file ? reason : `cannot read ${file}: ${reason}`);
      return undefined;
    }
  };
  const source = await read(path, path);
  const include = source?.value?.["include"];
  if (source === undefined || !Array.isArray(include) || !isLiteLLM(source)) return { sources, texts };
  for (const [index, each] of include.entries()) {
    const name = fillVariables(each, env, () => undefined, true);
    const place = source.locate(["include", index]);
    if (typeof name === "string") await read(resolve(dirname(path), name), place);
    else report.error(place, `include[${index}] must be the path of a file`);
  }
  return { sources, texts };
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder, not a file" : message;
}
