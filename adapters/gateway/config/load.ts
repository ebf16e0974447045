import { readFile } from "node:fs/promises";
import { CrosspointError, type CrosspointOptions } from "crosspoint";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A config file: the options of `createCrosspoint`, and where to listen. */
export interface GatewayConfig {
  readonly options: CrosspointOptions;
  readonly port?: number;
  readonly host?: string;
  /** Where the file has an option that an error names, as `crosspoint.yaml:3:5`. */
  readonly locate?: (param: string) => string;
}

/** Reads a config file. Throws INVALID_OPTIONS with line and column. */
export async function loadConfig(path: string, env: Readonly<Record<string, string | undefined>>): Promise<GatewayConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new CrosspointError("INVALID_OPTIONS", `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  return parseConfig(text, path, env);
}

const SERVER_KEYS = ["port", "host"];
/** What a file cannot hold: functions and streams. */
const CODE_ONLY = ["fetch", "env", "clock", "random", "onSpend", "onAlert"];

/**
 * Reads the text of a config file. Its keys are the options of `createCrosspoint` plus `port` and `host`; `${NAME}` in a text stands for an
 * environment variable, and a missing one is an error.
 */
export function parseConfig(text: string, path: string, env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    const hint = text[problem.pos[0] - 1] === "$" ? ': write "${NAME}" in quotes within { }' : "";
    throw new CrosspointError("INVALID_OPTIONS", `${at(problem.pos[0])}: ${problem.message}${hint}`);
  }
  const fail = (trail: readonly (string | number)[], message: string): never => {
    const node = document.getIn(trail, true) as { range?: readonly number[] } | undefined;
    throw new CrosspointError("INVALID_OPTIONS", `${at(node?.range?.[0] ?? 0)}: ${trail.join(".")} ${message}`, { param: trail.join(".") });
  };
  /** The place of the deepest part of `a.b[0].c` that is there. */
  const locate = (param: string): string => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const name of param.split(/[.[\]]+/)) {
      const entry = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
      const next = isSeq(node) ? node.items[Number(name)] : entry?.value;
      const found = (entry?.key ?? next) as { readonly range?: readonly number[] } | undefined;
      if (found?.range === undefined) break;
      offset = found.range[0]!;
      node = next;
    }
    return at(offset);
  };
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail([], "a config file must be a mapping");
  const { port, host, ...options } = fill(value, [], env, fail) as Record<string, unknown>;
  for (const key of CODE_ONLY) if (key in options) fail([key], "can only be given in code");
  for (const key of SERVER_KEYS) if (key in options) fail([key], "is given twice");
  if (port !== undefined && !(Number.isInteger(port) && (port as number) >= 0 && (port as number) < 65_536))
    fail(["port"], "must be a port number");
  if (host !== undefined && typeof host !== "string") fail(["host"], "must be a text");
  return {
    options: options as CrosspointOptions,
    locate,
    ...(port === undefined ? undefined : { port: port as number }),
    ...(host === undefined ? undefined : { host: host as string }),
  };
}

type Fail = (trail: readonly (string | number)[], message: string) => never;

/** Replaces `${NAME}` in every text of a value. */
function fill(value: unknown, trail: readonly (string | number)[], env: Readonly<Record<string, string | undefined>>, fail: Fail): unknown {
  if (typeof value === "string") {
    return value.replace(
      /\$\{(\w+)\}/g,
      (_, name: string) => env[name] ?? fail(trail, `needs the environment variable ${name}, which is not set`),
    );
  }
  if (Array.isArray(value)) return value.map((item, index) => fill(item, [...trail, index], env, fail));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, [...trail, key], env, fail)]));
  }
  return value;
}
