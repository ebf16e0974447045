/** What `crosspoint COMMAND --help` says, by command. */
const COMMANDS: Readonly<Record<string, string>> = {
  serve: `serve: answers OpenAI, Anthropic and Google clients on one port

  crosspoint serve --model openai/gpt-5-mini [--port 4000] [--host 127.0.0.1]
  crosspoint serve [--config crosspoint.yaml]

  --model NAME       what is answered when a client asks for a model that this gateway does not know; may be given several times:
                     the first answers, the others are its fallbacks
  --config FILE      options as YAML, or LiteLLM's config.yaml; default crosspoint.yaml, where there is one and no --model
  --no-watch         changes of that file wait for a restart, or for SIGHUP
  --host, --port     where to listen; default 127.0.0.1 and 4000
  --metrics WORD     /metrics for Prometheus: on (default; for those with the key, or only this machine), off, or public
  --log LEVEL        debug (a line a call), info (default), warn or silent
  --log-format WORD  text (default in a terminal) or json
`,
  check: `check: looks a config file through: all that is wrong, what has no meaning, and what was understood

  crosspoint check [FILE]

  FILE  ours, or LiteLLM's config.yaml; default crosspoint.yaml
`,
  spend: `spend: prints what the calls of a spend log cost

  crosspoint spend --store sqlite:spend.db [--group team,model] [--from 7d] [--to 2026-12-01] [--csv | --json]

  --store NAME   sqlite:FILE, postgresql://… or redis://…
  --group LIST   user, team, project, session, key, model, provider, deployment, outcome, error, tag, hour, day, month or
                 metadata.NAME; default model
  --where F=V    calls of that field only; several times for more fields, or for more words of one
  --from, --to   from this date or moment, and before that one; 30m, 12h, 7d count back from now
  --order WORD   cost (default), calls, tokens or group
  --limit N      so many lines; default all
  --csv, --json  exact, for programs
`,
  prices: `prices: prints what models cost, in US dollars for a million tokens

  crosspoint prices [MODEL…] [--from FILE|URL | --check FILE|URL] [--json]

  MODEL          a name or a part of one, several for more; default all
  --from PLACE   a price list over what is known: ours, LiteLLM's or that of models.dev
  --check PLACE  looks a list through instead: what was taken, what has no place, what was refused and why
  --format WORD  crosspoint, litellm or models.dev, where it cannot be told
  --json         a price list that --from and the option catalogue read
`,
  trace: `trace: shows what calls did as a tree: time, status, model, tokens, cost, who it was for

  crosspoint trace -- node app.js
  crosspoint trace FILE
  crosspoint trace --port 4318

  -- PROGRAM  runs it and shows its calls on the error output; nothing has to be installed or changed
  FILE        spans as lines of OTLP/JSON
  --port N    listens there for OTLP over HTTP, and shows what comes
  --width N   characters in a line; default the terminal's
`,
};

const OVERVIEW = `crosspoint: one model layer over every provider

  crosspoint serve --model openai/gpt-5-mini     answers OpenAI, Anthropic and Google clients on http://127.0.0.1:4000
  crosspoint serve --config config.yaml          the same by a file: ours, or LiteLLM's as it is
  crosspoint check config.yaml                   what is wrong in such a file, and what was understood
  crosspoint trace -- node app.js                the calls of a program as a tree, with tokens and cost
  crosspoint spend --store sqlite:spend.db       what calls cost, by model, team, user …
  crosspoint prices gpt-5                        what models cost
  crosspoint --version

crosspoint COMMAND --help tells the options of a command.
`;

export const commands: readonly string[] = Object.keys(COMMANDS);

/** The help of a command; without one, of all. */
export function helpOf(command: string | undefined): string {
  return command !== undefined && Object.hasOwn(COMMANDS, command) ? `crosspoint ${COMMANDS[command]!}` : OVERVIEW;
}

/** The options of a command, with their dashes. */
export function flagsOf(command: string): readonly string[] {
  return [...new Set(helpOf(command).match(/--[a-z][a-z-]*/g))];
}
