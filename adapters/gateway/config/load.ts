import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { GatewayConfig } from "./config.ts";
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
  /** The files that were read. */
  readonly files: readonly string[];
}

/** Reads a config file, ours or LiteLLM's. Throws INVALID_OPTIONS with line and column for all that is wrong in it. */
export async function loadConfig(path: string, env: Env): Promise<GatewayConfig> {
  const report = createReport();
  return finish(understand(await readSources(path, env, report), env, report), report);
}

/** Reads the text of a config file that includes no other. Throws as `loadConfig` does. */
export function parseConfig(text: string, path: string, env: Env): GatewayConfig {
  const report = createReport();
  return finish(understand([readSource(text, path, report)], env, report), report);
}

/** Looks a config file through, down to the models that its groups name. Nothing is opened or asked. */
export async function checkConfig(path: string, env: Env): Promise<ConfigCheck> {
  const report = createReport();
  const sources = await readSources(path, env, report);
  const files = sources.map((source) => source.path);
  const config = understand(sources, env, report);
  // What is wrong in one place does not hide what is wrong in another.
  const found = config === undefined ? [] : await verify(config, env);
  const problems = [...report.problems, ...found];
  const isGood = config !== undefined && !problems.some(({ level }) => level === "error");
  return { problems, files, ...(isGood && { config: { ...config, warnings: problems } }) };
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

/** The file, and the files that LiteLLM's `include` names in it. */
async function readSources(path: string, env: Env, report: Report): Promise<readonly Source[]> {
  const source = await readFileSource(path, path, report);
  if (source?.value === undefined) return source === undefined ? [] : [source];
  const { include } = source.value;
  if (!Array.isArray(include) || !isLiteLLM(source)) return [source];
  const sources = [source];
  for (const [index, each] of include.entries()) {
    const name = fillVariables(each, env, () => undefined, true);
    const place = source.locate(["include", index]);
    if (typeof name !== "string") report.error(place, `include[${index}] must be the path of a file`);
    else {
      const included = await readFileSource(resolve(dirname(path), name), place, report);
      if (included !== undefined) sources.push(included);
    }
  }
  return sources;
}

async function readFileSource(path: string, place: string, report: Report): Promise<Source | undefined> {
  try {
    return readSource(await readFile(path, "utf8"), path, report);
  } catch (error) {
    report.error(place, `cannot read ${path}: ${(error as Error).message}`);
    return undefined;
  }
}
