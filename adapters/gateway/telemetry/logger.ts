import { CrosspointError, type Logger } from "crosspoint";
import { createRedaction } from "./redact.ts";

/** A logger of pino fits as it is. */
export interface GatewayLogger extends Logger {
  info(fields: object, message: string): void;
}

/** From what everything is written to what nothing is. */
const LEVELS = ["debug", "info", "warn", "silent"] as const;
export type LogLevel = (typeof LEVELS)[number];

const FORMATS = ["json", "text"] as const;
export type LogFormat = (typeof FORMATS)[number];

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Default `json`: an object a line. `text` is for people. */
  readonly format?: LogFormat;
  /** Texts that are never written, as keys. What looks like one is left out anyway. */
  readonly secrets?: readonly string[];
  /** Takes a line without its end. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Writes lines for a program that runs: a call at `debug`, warnings at `warn`, what the gateway itself does at `info`. */
export function createLogger({ level = "info", format = "json", secrets = [], write, now = Date.now }: LoggerOptions): GatewayLogger {
  const least = LEVELS.indexOf(level);
  const redaction = createRedaction(secrets);
  const at = (name: Exclude<LogLevel, "silent">) => (fields: object, message: string) => {
    if (LEVELS.indexOf(name) < least) return;
    const time = new Date(now()).toISOString();
    const words = redaction.text(message);
    const told = redaction.fields(fields);
    if (format === "json") write(JSON.stringify({ time, level: name, message: words, ...told }));
    else write([`${time.slice(11, 19)} ${name.padEnd(5)} ${words}`, ...Object.entries(told).map(pair)].join(" "));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn") };
}

function pair([name, value]: [string, unknown]): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `${name}=${typeof value === "string" && !/^[\w./:@+-]+$/.test(text) ? JSON.stringify(text) : text}`;
}

/** The level that a command line names. */
export function toLogLevel(text: string): LogLevel {
  return oneOf(LEVELS, text, "--log");
}

/** The format that a command line names. */
export function toLogFormat(text: string): LogFormat {
  return oneOf(FORMATS, text, "--log-format");
}

function oneOf<Word extends string>(words: readonly Word[], text: string, option: string): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new CrosspointError("INVALID_OPTIONS", `${option} must be ${words.join(", ")}, not "${text}"`);
  return found;
}
