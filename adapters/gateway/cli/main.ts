#!/usr/bin/env node
import { createRequire } from "node:module";
import { argv, env, exit, stderr, stdout } from "node:process";
import { CrosspointError } from "crosspoint";
import { hint } from "../config/nearest.ts";
import { runCheck } from "./check.ts";
import { commands, flagsOf, helpOf } from "./help.ts";
import { runPrices } from "./prices.ts";
import { runServe } from "./serve.ts";
import { runSpend } from "./spend.ts";
import { runTrace } from "./trace.ts";

/** Runs the command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || asksForHelp(args)) {
    stdout.write(helpOf(command === "help" ? rest[0] : command));
    return command === undefined ? 2 : 0;
  }
  if (command === "version" || command === "--version" || command === "-v") {
    const { version } = createRequire(import.meta.url)("crosspoint/package.json") as { version: string };
    stdout.write(`${version}\n`);
    return 0;
  }
  if (command === "serve")
    return runServe(rest, env, { out: (line) => stdout.write(`${line}\n`), error: (line) => stderr.write(`${line}\n`) });
  if (command === "check") return runCheck(rest, env, (line) => stdout.write(`${line}\n`));
  if (command === "spend") return runSpend(rest, Date.now(), (text) => stdout.write(text));
  if (command === "prices") return runPrices(rest, (text) => stdout.write(text));
  if (command === "trace") {
    const width = stderr.columns ?? stdout.columns ?? 120;
    return runTrace(rest, env, { out: (text) => stdout.write(text), error: (text) => stderr.write(text), width });
  }
  stderr.write(`crosspoint: there is no command "${command}"${hint(command, commands)}; crosspoint --help lists them\n`);
  return 2;
}

/** What stands behind `--` is another program's. */
function asksForHelp(args: readonly string[]): boolean {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return own.includes("--help") || own.includes("-h");
}

/** What is wrong, and what would do. */
function messageOf(error: unknown, command: string): string {
  if (CrosspointError.is(error)) return error.message;
  const code = error instanceof TypeError ? (error as { readonly code?: string }).code : undefined;
  if (code === undefined || !code.startsWith("ERR_PARSE_ARGS_")) return String(error);
  const { message } = error as TypeError;
  const unknown = /^Unknown option '(--?[^']*)'/.exec(message)?.[1];
  const told = unknown === undefined ? message : `there is no option ${unknown}${hint(unknown, flagsOf(command))}`;
  return `${told}; crosspoint ${command} --help lists the options`;
}

/** Ends when all is written: a pipe takes a long text piece by piece. */
async function leave(code: number): Promise<never> {
  for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write("", resolve));
  exit(code);
}

// A reader that has seen enough, as `head`, is no failure.
for (const stream of [stdout, stderr]) stream.on("error", () => {});

main(argv.slice(2)).then(leave, (error: unknown) => {
  stderr.write(`crosspoint: ${messageOf(error, argv[2] ?? "")}\n`);
  return leave(1);
});
