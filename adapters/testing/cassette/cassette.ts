import { createHash } from "node:crypto";
import { isObject, parseJson, type Json, type JsonObject } from "../core/json.ts";
import { withoutSecretQuery, withoutSecrets } from "../core/secrets.ts";

/** A piece of a response body and when it came, in milliseconds after the request. */
export type CassetteChunk = { readonly at: number; readonly text: string } | { readonly at: number; readonly base64: string };

export interface CassetteRequest {
  readonly method: string;
  /** Without keys. */
  readonly url: string;
  /** Of the body with sorted keys. */
  readonly hash: string;
  readonly body: Json;
}

/** One recorded request and what came back. */
export interface CassetteEntry {
  readonly request: CassetteRequest;
  readonly response?: {
    readonly status: number;
    /** Without cookies and account ids. */
    readonly headers: Readonly<Record<string, string>>;
    /** When the headers came, in milliseconds after the request. */
    readonly at: number;
    readonly chunks: readonly CassetteChunk[];
    /** The body broke off or was not read to its end. */
    readonly incomplete?: true;
  };
  /** The network's error, when no response came. */
  readonly failure?: string;
}

export type Cassette = readonly CassetteEntry[];

export function describeRequest(method: string, url: string, body: string): CassetteRequest {
  const value = body === "" ? null : (parseJson(body)?.value ?? body);
  return {
    method,
    url: withoutSecretQuery(url).href,
    hash: createHash("sha256").update(canonical(value)).digest("hex").slice(0, 16),
    body: value,
  };
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).toSorted(([left], [right]) => (left < right ? -1 : 1))) : item,
  );
}

/** Lengths and encodings are of the original transfer and would be wrong for the decoded body. */
const TRANSFER = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"]);

export function describeHeaders(headers: Headers): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(withoutSecrets(Object.fromEntries(headers))).filter(([name]) => !TRANSFER.has(name)));
}

export function encodeChunk(bytes: Uint8Array, at: number): CassetteChunk {
  try {
    return { at, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { at, base64: Buffer.from(bytes).toString("base64") };
  }
}

export function decodeChunk(chunk: CassetteChunk): Uint8Array {
  return "text" in chunk ? new TextEncoder().encode(chunk.text) : new Uint8Array(Buffer.from(chunk.base64, "base64"));
}

export function serializeEntry(entry: CassetteEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Reads a cassette file's lines; throws on one that is none of ours. */
export function parseCassette(source: string): Cassette {
  return source
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const value = parseJson(line)?.value;
      if (!isObject(value) || !isObject(value["request"])) throw new Error(`Line ${index + 1} of the cassette is not a recorded exchange.`);
      return value as unknown as CassetteEntry;
    });
}

/** The places where two JSON values differ, as paths; at most `limit`. */
export function differences(left: Json | undefined, right: Json | undefined, limit: number, path = ""): readonly string[] {
  if (left === right) return [];
  const both = (typeof left === "object" && left !== null ? left : undefined) as JsonObject | undefined;
  const other = (typeof right === "object" && right !== null ? right : undefined) as JsonObject | undefined;
  if (both === undefined || other === undefined || Array.isArray(left) !== Array.isArray(right)) return [path === "" ? "the body" : path];
  const found: string[] = [];
  for (const key of new Set([...Object.keys(both), ...Object.keys(other)])) {
    if (found.length >= limit) break;
    found.push(...differences(both[key], other[key], limit - found.length, path === "" ? key : `${path}.${key}`));
  }
  return found;
}
