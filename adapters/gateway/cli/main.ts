#!/usr/bin/env node
import { createRequire } from "node:module";
import { argv, env, exit, stderr, stdout } from "node:process";
import { CrosspointError } from "crosspoint";
import { runServe } from "./serve.ts";

const HELP = `crosspoint: one model layer over every provider

  crosspoint serve --model openai/gpt-5-mini [--port 4000] [--host 127.0.0.1]
  crosspoint serve --config crosspoint.yaml

  --model NAME   what is answered when a client asks for a model that this gateway does not know; may be given several times:
                 the first answers, the others are its fallbacks
  --config FILE  options as YAML; see docs/gateway.md
  --port, --host where to listen; default 127.0.0.1:4000

  crosspoint --version
`;

/** Runs the command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || args.includes("--help") || args.includes("-h")) {
    stdout.write(HELP);
    return command === undefined ? 2 : 0;
  }
  if (command === "version" || command === "--version" || command === "-v") {
    const { version } = createRequire(import.meta.url)("crosspoint/package.json") as { version: string };
    stdout.write(`${version}\n`);
    return 0;
  }
  if (command === "serve")
    return runServe(rest, env, { out: (line) => stdout.write(`${line}\n`), error: (line) => stderr.write(`${line}\n`) });
  stderr.write(`crosspoint: there is no command "${command}"\n\n${HELP}`);
  return 2;
}

main(argv.slice(2)).then(
  (code) => exit(code),
  (error: unknown) => {
    stderr.write(`crosspoint: ${CrosspointError.is(error) || error instanceof TypeError ? error.message : String(error)}\n`);
    exit(1);
  },
);
