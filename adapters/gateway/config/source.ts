import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Report, Trail } from "./report.ts";

/** The text of a config file, read. */
export interface Source {
  readonly path: string;
  /** Absent when the text is no mapping, which the report then says. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** The place of the deepest part of a trail that is there, as `crosspoint.yaml:3:5`; of its key, or with `ofValue` of what stands there. */
  locate(trail: Trail, ofValue?: boolean): string;
}

/** Reads YAML; every mistake of the syntax goes to the report. */
export function readSource(text: string, path: string, report: Report): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const locate: Source["locate"] = (trail, ofValue = false) => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const name of trail) {
      const entry = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name)) : undefined;
      const next = isSeq(node) ? node.items[Number(name)] : entry?.value;
      const found = ((ofValue ? next : undefined) ?? entry?.key ?? next) as { readonly range?: readonly number[] } | undefined;
      if (found?.range === undefined) break;
      offset = found.range[0]!;
      node = next;
    }
    return at(offset);
  };
  for (const { pos, message } of document.errors) {
    const quoted = text[pos[0] - 1] === "$" ? ': write "${NAME}" in quotes within { }' : "";
    report.error(at(pos[0]), message + quoted);
  }
  if (document.errors.length > 0) return { path, value: undefined, locate };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 10_000 }) ?? {};
    JSON.stringify(value);
  } catch (error) {
    const isEndless = error instanceof TypeError || error instanceof RangeError;
    report.error(at(0), isEndless ? "an alias (*) leads to itself" : (error as Error).message);
    return { path, value: undefined, locate };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report.error(at(0), "a config file must be a mapping");
    return { path, value: undefined, locate };
  }
  return { path, value: value as Readonly<Record<string, unknown>>, locate };
}

/** `a.b[0].c` as a trail through a value, whose keys may have dots themselves. */
export function toTrail(param: string, value: unknown): Trail {
  const trail: (string | number)[] = [];
  let [rest, node] = [param, value];
  while (rest !== "") {
    const index = /^\[(\d+)\]/.exec(rest);
    const keys = typeof node === "object" && node !== null ? Object.keys(node) : [];
    const known = keys.filter((key) => rest.startsWith(key) && /^($|[.[])/.test(rest.slice(key.length)));
    const key = known.sort((a, b) => b.length - a.length)[0] ?? /^[^.[\]]*/.exec(rest)![0];
    const step = index === null ? key : Number(index[1]);
    trail.push(step);
    node = (node as Readonly<Record<string, unknown>> | undefined | null)?.[step];
    rest = rest.slice(index === null ? Math.max(key.length, 1) : index[0].length).replace(/^\./, "");
  }
  return trail;
}
