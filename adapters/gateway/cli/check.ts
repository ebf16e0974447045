import { access } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CrosspointError } from "crosspoint";
import { checkConfig } from "../config/load.ts";
import { toLine } from "../config/report.ts";
import { summarise } from "../config/summary.ts";
import type { Env } from "../config/variables.ts";

/** Taken when no other file and no model is named. */
export const DEFAULT_FILE = "crosspoint.yaml";

/** `crosspoint check`: looks a config file through, and says what is wrong and what was understood. The exit code is 1 when there are errors. */
export async function runCheck(args: readonly string[], env: Env, out: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: { config: { type: "string" } }, allowPositionals: true });
  const [file = values.config ?? DEFAULT_FILE, ...others] = positionals;
  if (others.length > 0) throw new CrosspointError("INVALID_OPTIONS", "check takes one file");
  const { config, problems } = await checkConfig(file, env);
  const errors = problems.filter(({ level }) => level === "error");
  const warnings = problems.filter(({ level }) => level === "warning");
  for (const problem of [...errors, ...warnings]) out(toLine(problem));
  if (config === undefined) {
    out(`${file} has ${count(errors.length, "mistake")}${warnings.length === 0 ? "" : ` and ${count(warnings.length, "warning")}`}`);
    return 1;
  }
  const dialect = config.dialect === "litellm" ? ", in LiteLLM's format" : "";
  out(`${file} is good${dialect}${warnings.length === 0 ? "" : `, with ${count(warnings.length, "warning")}`}`);
  for (const line of await summarise(config, env)) out(`  ${line}`);
  return 0;
}

/** `crosspoint.yaml`, where there is one. */
export async function findDefaultFile(): Promise<string | undefined> {
  return access(DEFAULT_FILE).then(
    () => DEFAULT_FILE,
    () => undefined,
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
