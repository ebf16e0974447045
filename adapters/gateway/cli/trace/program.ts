import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stdin } from "node:process";
import { CrosspointError } from "crosspoint";
import { spansOf, type TraceSpan } from "./span.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface Program {
  /** Its exit code, as a shell has it. */
  readonly ended: Promise<number>;
  /** Hands over the spans that were written since the last time. */
  read(): Promise<readonly TraceSpan[]>;
  remove(): Promise<void>;
}

/** Runs a program whose spans go to `url`, or to a file where it has no OpenTelemetry SDK. */
export async function startProgram([command = "", ...args]: readonly string[], url: string, env: Env): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "crosspoint-trace-"));
  const file = join(folder, "spans.jsonl");
  const child = spawn(command, args, { stdio: "inherit", env: environmentFor(env, url, file), shell: process.platform === "win32" });
  // A terminal sends SIGINT to both, and the program decides when it has ended; who sends it without one means the program.
  const pass = (signal: NodeJS.Signals): void => void (signal === "SIGINT" && stdin.isTTY ? undefined : child.kill(signal));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", (cause) => reject(new CrosspointError("INVALID_OPTIONS", `cannot run ${command}: ${cause.message}`, { cause })));
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass);
  });
  let read = 0;
  return {
    ended,
    async read() {
      const handle = await open(file).catch(() => undefined);
      if (handle === undefined) return [];
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc((await handle.stat()).size - read), { position: read });
        const lines = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(10) + 1);
        read += lines.length;
        return spansOfLines(lines.toString("utf8"));
      } finally {
        await handle.close();
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Spans of lines of OTLP/JSON; a line that is none is left out. */
export function spansOfLines(text: string): TraceSpan[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line.trim() === "" ? [] : spansOf(JSON.parse(line));
    } catch {
      return [];
    }
  });
}

/** Everything is sampled, and sent here soon; what would send it elsewhere is taken out. */
function environmentFor(env: Env, url: string, file: string): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/^OTEL_(?:SDK_DISABLED$|EXPORTER_OTLP_|TRACES_|BSP_)/.test(name));
  const register = new URL(import.meta.url.endsWith(".ts") ? "register.ts" : "register.js", import.meta.url).href;
  return {
    ...(Object.fromEntries(kept.filter(([, value]) => value !== undefined)) as Record<string, string>),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_BSP_SCHEDULE_DELAY: "200",
    CROSSPOINT_TRACE_FILE: file,
    NODE_OPTIONS: `${env["NODE_OPTIONS"] ?? ""} --import=${register}`.trim(),
  };
}
