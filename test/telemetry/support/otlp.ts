import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export type Value =
  | { stringValue: string }
  | { intValue: number | string }
  | { doubleValue: number }
  | { boolValue: boolean }
  | { arrayValue: { values?: Value[] } };

/** A span as OTLP carries it, whatever the encoding. */
export interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly links?: readonly unknown[];
}

export interface Receiver {
  readonly url: string;
  readonly types: readonly string[];
  readonly spans: () => readonly SentSpan[];
  close(): void;
}

/** Takes what exporters send over HTTP, as JSON or protobuf. */
export async function createReceiver(): Promise<Receiver> {
  const types: string[] = [];
  const spans: SentSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
      const type = String(request.headers["content-type"]);
      types.push(type);
      spans.push(...(type.includes("json") ? fromJSON(body) : fromProtobuf(body)));
      response.writeHead(200, { "content-type": type }).end(type.includes("json") ? "{}" : "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    types,
    spans: () => spans,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function fromJSON(body: Buffer): SentSpan[] {
  const { resourceSpans } = JSON.parse(body.toString()) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}

/** The fields of one message: number, and a whole number or bytes. */
type Field = readonly [number: number, value: bigint | Buffer];

function* fields(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    yield [tag >> 3, wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()))];
  }
}

function all(bytes: Buffer, number: number): Buffer[] {
  return [...fields(bytes)].filter(([each]) => each === number).map(([, value]) => value as Buffer);
}

/** ExportTraceServiceRequest.resource_spans.scope_spans.spans, by the numbers of the protocol's files. */
function fromProtobuf(body: Buffer): SentSpan[] {
  return all(body, 1).flatMap((resource) => all(resource, 2).flatMap((scope) => all(scope, 2).map(toSpan)));
}

function toSpan(bytes: Buffer): SentSpan {
  const [status] = all(bytes, 15);
  const statusFields = status === undefined ? [] : [...fields(status)];
  const code = statusFields.find(([number]) => number === 3)?.[1];
  return {
    name: all(bytes, 5)[0]!.toString(),
    kind: Number([...fields(bytes)].find(([number]) => number === 6)![1]),
    status: code === undefined ? {} : { code: Number(code) },
    attributes: all(bytes, 9).map((pair) => ({ key: all(pair, 1)[0]!.toString(), value: toValue(all(pair, 2)[0]!) })),
    links: all(bytes, 13),
  };
}

function toValue(bytes: Buffer): Value {
  const [[number, value] = [0, 0n]] = fields(bytes);
  if (number === 1) return { stringValue: (value as Buffer).toString() };
  if (number === 2) return { boolValue: value === 1n };
  if (number === 3) return { intValue: Number(value) };
  if (number === 4) return { doubleValue: (value as Buffer).readDoubleLE() };
  if (number === 5) return { arrayValue: { values: all(value as Buffer, 1).map(toValue) } };
  throw new Error(`a value of kind ${number}`);
}
