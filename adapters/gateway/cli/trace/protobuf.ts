import { CrosspointError } from "crosspoint";

/** How a field is read: as a message of the table, or as a scalar. */
type Type = keyof typeof MESSAGES | "string" | "hex" | "varint" | "int64" | "bool" | "double" | "fixed64";
type Fields = Readonly<Record<number, readonly [name: string, type: string, repeated?: "repeated"]>>;

/** Field numbers of the messages, as opentelemetry-proto has them (trace/v1, common/v1); fields that are not shown are left out. */
const MESSAGES = {
  Request: { 1: ["resourceSpans", "ResourceSpans", "repeated"] },
  ResourceSpans: { 1: ["resource", "Resource"], 2: ["scopeSpans", "ScopeSpans", "repeated"] },
  Resource: { 1: ["attributes", "KeyValue", "repeated"] },
  ScopeSpans: { 2: ["spans", "Span", "repeated"] },
  Span: {
    1: ["traceId", "hex"],
    2: ["spanId", "hex"],
    4: ["parentSpanId", "hex"],
    5: ["name", "string"],
    6: ["kind", "varint"],
    7: ["startTimeUnixNano", "fixed64"],
    8: ["endTimeUnixNano", "fixed64"],
    9: ["attributes", "KeyValue", "repeated"],
    15: ["status", "Status"],
  },
  Status: { 2: ["message", "string"], 3: ["code", "varint"] },
  KeyValue: { 1: ["key", "string"], 2: ["value", "AnyValue"] },
  AnyValue: {
    1: ["stringValue", "string"],
    2: ["boolValue", "bool"],
    3: ["intValue", "int64"],
    4: ["doubleValue", "double"],
    5: ["arrayValue", "ArrayValue"],
  },
  ArrayValue: { 1: ["values", "AnyValue", "repeated"] },
} as const satisfies Readonly<Record<string, Fields>>;

const MAX_DEPTH = 32;

/** Reads an `ExportTraceServiceRequest` of OTLP/protobuf into the shape of OTLP/JSON. Throws BAD_REQUEST. */
export function decodeRequest(bytes: Uint8Array): unknown {
  return message(bytes, "Request", 0);
}

function message(bytes: Uint8Array, type: keyof typeof MESSAGES, depth: number): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw broken();
  const fields: Fields = MESSAGES[type];
  const found: Record<string, unknown> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw broken();
  };
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > bytes.length) throw broken();
    return from;
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const [name, kind = "", repeated] = fields[tag >>> 3] ?? [];
    let value: unknown;
    if (wire === 0) {
      const number = varint();
      value = kind === "bool" ? number !== 0n : kind === "int64" ? String(BigInt.asIntN(64, number)) : Number(number);
    } else if (wire === 1) {
      const from = take(8);
      value = kind === "double" ? view.getFloat64(from, true) : String(view.getBigUint64(from, true));
    } else if (wire === 2) {
      const length = Number(varint());
      const from = take(length);
      const part = bytes.subarray(from, from + length);
      value = name === undefined ? undefined : lengthDelimited(part, kind as Type, depth);
    } else if (wire === 5) take(4);
    else throw broken();
    if (name === undefined || value === undefined) continue;
    if (repeated === undefined) found[name] = value;
    else ((found[name] ??= []) as unknown[]).push(value);
  }
  return found;
}

function lengthDelimited(part: Uint8Array, type: Type, depth: number): unknown {
  if (type === "string") return new TextDecoder().decode(part);
  if (type === "hex") return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return type in MESSAGES ? message(part, type as keyof typeof MESSAGES, depth + 1) : undefined;
}

function broken(): CrosspointError {
  return new CrosspointError("BAD_REQUEST", "this is no OTLP/protobuf");
}
