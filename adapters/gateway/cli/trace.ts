import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CrosspointError } from "crosspoint";
import { formatRun, formatSums } from "./trace/print.ts";
import { spansOfLines, startProgram } from "./trace/program.ts";
import { startReceiver } from "./trace/receiver.ts";
import { rowsOf, type Used } from "./trace/rows.ts";
import { createRuns } from "./trace/runs.ts";
import { spansOf, type TraceSpan } from "./trace/span.ts";

const POLL_MS = 250;

export interface TraceOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Characters in a line of the terminal. */
  readonly width: number;
}

/** `crosspoint trace`: what a program, a file or whoever sends spans did, as trees. The exit code is the program's. */
export async function runTrace(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: TraceOutput,
): Promise<number> {
  const at = args.indexOf("--");
  const program = at === -1 ? [] : args.slice(at + 1);
  const { values, positionals } = parseArgs({
    args: args.slice(0, at === -1 ? undefined : at),
    options: { port: { type: "string" }, width: { type: "string" } },
    allowPositionals: true,
  });
  const width = values.width === undefined ? output.width : countOf("--width", values.width, 20, 10_000);
  const port = values.port === undefined ? undefined : countOf("--port", values.port, 0, 65_535);
  const [file, ...more] = positionals;
  if (at !== -1 && program.length === 0) throw invalid("there is no program after --");
  if (more.length > 0 || (file !== undefined && (at !== -1 || port !== undefined)))
    throw invalid("trace takes one file, or -- and a program, or --port");
  if (file !== undefined) return showFile(file, output.out, width);
  if (at === -1 && port === undefined) throw invalid("trace needs a file, -- and a program, or --port");
  // What the program prints must stay what it is.
  return at === -1 ? listenUntilStopped(port!, output.out, width) : showProgram(program, port ?? 0, env, output.error, width);
}

async function showFile(path: string, write: (text: string) => void, width: number): Promise<number> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new CrosspointError("INVALID_OPTIONS", `cannot read ${path}: ${cause.message}`, { cause });
  });
  const shown = createShown(write, width);
  shown.add(spansOfText(text));
  if (shown.finish() === 0)
    throw invalid(`${path} holds no spans: it must be lines of OTLP/JSON, as a collector's file exporter writes them`);
  return 0;
}

/** One request of OTLP/JSON, or one a line. */
function spansOfText(text: string): readonly TraceSpan[] {
  try {
    return spansOf(JSON.parse(text));
  } catch {
    return spansOfLines(text);
  }
}

async function listenUntilStopped(port: number, write: (text: string) => void, width: number): Promise<number> {
  const shown = createShown(write, width);
  const receiver = await startReceiver(port, shown.add);
  write(`crosspoint trace takes spans on ${receiver.url} (OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url})\n`);
  const poll = setInterval(() => shown.show(), POLL_MS);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  clearInterval(poll);
  await receiver.close();
  shown.finish();
  return 0;
}

async function showProgram(
  words: readonly string[],
  port: number,
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
  width: number,
): Promise<number> {
  const shown = createShown(write, width);
  const receiver = await startReceiver(port, shown.add);
  const program = await startProgram(words, receiver.url, env);
  let reading = Promise.resolve();
  const read = (): Promise<void> => (reading = reading.then(async () => shown.add(await program.read())));
  const poll = setInterval(() => void read().then(() => shown.show()), POLL_MS);
  try {
    const code = await program.ended;
    await read();
    if (shown.finish() === 0)
      write("crosspoint trace: no spans came. The program called no model, or an OpenTelemetry SDK of its own sends them elsewhere.\n");
    return code;
  } finally {
    clearInterval(poll);
    await program.remove();
    await receiver.close();
  }
}

interface Shown {
  readonly add: (spans: readonly TraceSpan[]) => void;
  /** Writes the runs that are over. */
  show(all?: boolean): void;
  /** Writes the others too, and the sums of all where there were several; how many there were. */
  finish(): number;
}

function createShown(write: (text: string) => void, width: number): Shown {
  const runs = createRuns(() => performance.now());
  const used: Used[] = [];
  let count = 0;
  const show = (all = false): void => {
    for (const spans of runs.over(all)) {
      count++;
      used.push(...rowsOf(spans).flatMap((row) => row.used ?? []));
      write(`\n${formatRun(spans, width)}`);
    }
  };
  return {
    add: (spans) => runs.add(spans),
    show,
    finish() {
      show(true);
      if (count > 1) write(`\n${count} traces together\n\n${formatSums(used)}`);
      return count;
    },
  };
}

function countOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text === "" || !Number.isInteger(number) || number < least || number > most)
    throw invalid(`${option} must be a number from ${least} to ${most}, not "${text}"`);
  return number;
}

function invalid(message: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message);
}
