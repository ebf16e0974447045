#!/usr/bin/env node
import { createRequire } from "node:module";
import { argv, env, exit, stderr, stdout } from "node:process";
import { CrosspointError } from "crosspoint";
import { runCheck } from "./check.ts";
import { runPrices } from "./prices.ts";
import { runServe } from "./serve.ts";
import { runSpend } from "./spend.ts";
import { runTrace } from "./trace.ts";

const HELP = `crosspoint: one model layer over every provider

  crosspoint serve --model openai/gpt-5-mini [--port 4000] [--host 127.0.0.1]
  crosspoint serve [--config crosspoint.yaml]
  crosspoint check [crosspoint.yaml]
  crosspoint spend --store sqlite:spend.db [--group team,model] [--from 7d] [--to 2026-12-01] [--csv | --json]
  crosspoint prices [MODEL…] [--from FILE|URL | --check FILE|URL] [--json]
  crosspoint trace -- node app.js
  crosspoint trace FILE

serve answers OpenAI, Anthropic and Google clients:
  --model NAME   what is answered when a client asks for a model that this gateway does not know; may be given several times:
                 the first answers, the others are its fallbacks
  --config FILE  options as YAML, or LiteLLM's config.yaml; default crosspoint.yaml, where there is one and no --model
  --no-watch     changes of that file wait for a restart, or for SIGHUP
  --port, --host where to listen; default 127.0.0.1:4000
  --metrics WORD /metrics for Prometheus: on (default; for those with the key, or only this machine), off, or public
  --log LEVEL    debug (a line a call), info (default), warn or silent
  --log-format   text (default in a terminal) or json

check looks a config file through: all that is wrong, what has no meaning, and what was understood

spend prints what the calls of a spend log cost:
  --store NAME   sqlite:FILE, postgresql://… or redis://…
  --group LIST   user, team, project, session, key, model, provider, deployment, outcome, error, tag, hour, day, month or
                 metadata.NAME; default model
  --where F=V    calls of that field only; several times for more fields, or for more words of one
  --from, --to   from this date or moment, and before that one; 30m, 12h, 7d count back from now
  --order WORD   cost (default), calls, tokens or group
  --limit N      so many lines; default all
  --csv, --json  exact, for programs

prices prints what models cost, in US dollars for a million tokens; MODEL is a name or a part of one, several times for more:
  --from PLACE   a price list over what is known: ours, LiteLLM's or that of models.dev
  --check PLACE  looks a list through instead: what was taken, what has no place, what was refused and why
  --format WORD  crosspoint, litellm or models.dev, where it cannot be told
  --json         a price list that --from and the option catalogue read

trace shows what calls did as a tree: time, status, model, tokens, cost, who it was for:
  -- PROGRAM     runs it and shows its calls on the error output; nothing has to be installed or changed
  FILE           spans as lines of OTLP/JSON
  --port N       listens there for OTLP over HTTP, and shows what comes
  --width N      characters in a line; default the terminal's

  crosspoint --version
`;

/** Runs the command line; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || asksForHelp(args)) {
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
  if (command === "check") return runCheck(rest, env, (line) => stdout.write(`${line}\n`));
  if (command === "spend") return runSpend(rest, Date.now(), (text) => stdout.write(text));
  if (command === "prices") return runPrices(rest, (text) => stdout.write(text));
  if (command === "trace") {
    const width = stderr.columns ?? stdout.columns ?? 120;
    return runTrace(rest, env, { out: (text) => stdout.write(text), error: (text) => stderr.write(text), width });
  }
  stderr.write(`crosspoint: there is no command "${command}"\n\n${HELP}`);
  return 2;
}

/** What stands behind `--` is another program's. */
function asksForHelp(args: readonly string[]): boolean {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return own.includes("--help") || own.includes("-h");
}

main(argv.slice(2)).then(
  (code) => exit(code),
  (error: unknown) => {
    stderr.write(`crosspoint: ${CrosspointError.is(error) || error instanceof TypeError ? error.message : String(error)}\n`);
    exit(1);
  },
);
