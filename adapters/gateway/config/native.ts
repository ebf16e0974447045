import type { CrosspointOptions } from "crosspoint";
import type { GatewayConfig } from "./config.ts";
import type { Report, Trail } from "./report.ts";
import { toTrail, type Source } from "./source.ts";
import { fillVariables, type Env } from "./variables.ts";

/** What a file cannot hold: functions and streams. */
const CODE_ONLY = ["fetch", "env", "clock", "random", "onSpend", "onAlert", "logger", "continues"];

const STORE = /^(memory$|sqlite:.|postgres(ql)?:\/\/|rediss?:\/\/)/;

/** A file of ours: the options of `createCrosspoint`, and how to serve them. */
export function readNative(source: Source, env: Env, report: Report): GatewayConfig {
  const fail = (trail: Trail, message: string): undefined =>
    report.error(source.locate(trail, true), `${trail.join(".")} ${message}`) as undefined;
  const filled = fillVariables(source.value, env, (trail, name) => {
    fail(trail, `needs the environment variable ${name}, which is not set`);
    return `\${${name}}`;
  }) as Readonly<Record<string, unknown>>;
  const { port, host, masterKey = filled["master_key"], master_key: _, store, ...rest } = filled;
  const options: Record<string, unknown> = rest;
  for (const key of ["models", "providers", "prices"]) {
    const value = options[key];
    if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))) continue;
    fail([key], "must be a mapping");
    delete options[key];
  }
  for (const key of CODE_ONLY) if (key in options) fail([key], "can only be given in code");
  if (port !== undefined && !(Number.isInteger(port) && (port as number) >= 0 && (port as number) < 65_536)) {
    fail(["port"], "must be a port number");
  }
  if (host !== undefined && typeof host !== "string") fail(["host"], "must be a text");
  if (masterKey !== undefined && !(typeof masterKey === "string" && /^[\x21-\x7e]+$/.test(masterKey))) {
    fail(["masterKey" in filled ? "masterKey" : "master_key"], "must be a text of visible ASCII characters without spaces");
  }
  if (store !== undefined && !(typeof store === "string" && STORE.test(store))) {
    fail(["store"], "must be memory, sqlite:FILE, postgresql://… or redis://…");
  }
  for (const key of CODE_ONLY) delete options[key];
  return {
    dialect: "crosspoint",
    options: { ...options, ...(store === "memory" ? { store } : undefined) } as CrosspointOptions,
    locate: (param) => source.locate(toTrail(param, source.value)),
    files: [source.path],
    warnings: [],
    ...(port === undefined ? undefined : { port: port as number }),
    ...(host === undefined ? undefined : { host: host as string }),
    ...(masterKey === undefined ? undefined : { masterKey: masterKey as string }),
    ...(store === undefined || store === "memory" ? undefined : { store: store as string }),
  };
}
