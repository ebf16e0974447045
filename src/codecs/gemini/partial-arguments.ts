import type { JSONValue } from "../../ir/json.ts";
import { isObject } from "./wire.ts";

interface Container {
  readonly key: string | number;
  readonly list: boolean;
  count: number;
}

/** Writes the JSON text of arguments that come as paths and values (Vertex AI, `streamFunctionCallArguments`). */
export interface ArgumentWriter {
  /** The text that one `partialArgs` entry adds. */
  write(entry: JSONValue): string;
  /** The text that closes what is open; empty when nothing was written. */
  end(): string;
}

/** Values arrive in document order, so each entry only appends: no object is built and nothing is written twice. */
export function createArgumentWriter(): ArgumentWriter {
  const open: Container[] = [];
  let leaf: string | undefined;
  let quoted = false;

  const unquote = (): string => {
    if (!quoted) return "";
    quoted = false;
    return '"';
  };
  const closeTo = (depth: number): string => {
    let text = "";
    while (open.length > depth) text += open.pop()!.list ? "]" : "}";
    return text;
  };
  const name = (key: string | number): string => {
    const parent = open.at(-1);
    const comma = parent !== undefined && parent.count++ > 0 ? "," : "";
    return parent === undefined || parent.list ? comma : `${comma}${JSON.stringify(String(key))}:`;
  };

  return {
    write(entry) {
      if (!isObject(entry) || typeof entry.jsonPath !== "string") return "";
      const path = parsePath(entry.jsonPath);
      if (path === undefined) return "";
      const more = entry.willContinue === true;
      const value = valueOf(entry);
      // Not every host says that a string goes on, so it stays open until another path comes.
      if (leaf === entry.jsonPath) return quoted && typeof value === "string" ? JSON.stringify(value).slice(1, -1) : "";
      // A value-less entry ends the container it names, or stands for an empty one.
      const list = entry.jsonPath.endsWith("[]");
      const depth = common(open, path);
      if (value === undefined && (more || depth > path.length)) return "";
      let text = unquote();
      leaf = entry.jsonPath;
      const keys = value === undefined ? path : path.slice(0, -1);
      if (open.length === 0) {
        open.push({ key: "", list: false, count: 0 });
        text += "{";
      } else text += closeTo(Math.min(depth, keys.length + 1));
      for (let at = open.length - 1; at < keys.length; at++) {
        const inner = at + 1 < path.length ? typeof path[at + 1] === "number" : list;
        text += name(keys[at]!) + (inner ? "[" : "{");
        open.push({ key: keys[at]!, list: inner, count: 0 });
      }
      if (value === undefined) return text;
      quoted = typeof value === "string";
      const json = JSON.stringify(value);
      return text + name(path.at(-1)!) + (quoted ? json.slice(0, -1) : json);
    },
    end() {
      return unquote() + closeTo(0);
    },
  };
}

function valueOf(entry: Readonly<Record<string, JSONValue | undefined>>): string | number | boolean | null | undefined {
  const { stringValue, numberValue, boolValue, nullValue } = entry;
  if (typeof stringValue === "string") return stringValue;
  if (typeof numberValue === "number") return numberValue;
  if (typeof boolValue === "boolean") return boolValue;
  return nullValue === undefined ? undefined : null;
}

/** How many open containers lead to the path, the root included. */
function common(open: readonly Container[], path: readonly (string | number)[]): number {
  let depth = 1;
  while (depth < open.length && depth <= path.length && open[depth]!.key === path[depth - 1]) depth++;
  return depth;
}

const SEGMENT = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/gy;

function parsePath(path: string): (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  const text = path.endsWith("[]") ? path.slice(0, -2) : path;
  SEGMENT.lastIndex = text.startsWith("$") ? 1 : 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (match === null) return undefined;
    const [, dotted, index, single, double] = match;
    keys.push(index === undefined ? (dotted ?? single ?? double)! : Number(index));
  }
  return keys.length === 0 || keys.length > 64 ? undefined : keys;
}
