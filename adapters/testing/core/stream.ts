import type { Fault } from "../types.ts";
import type { Frame } from "./turn.ts";

/** A moment of a response body: bytes, a wait, or the connection breaking. */
export type BodyEvent = { readonly bytes: Uint8Array } | { readonly waitMs: number } | { readonly reset: true };

export interface StreamPlan {
  readonly frames: readonly Frame[];
  /** Server-sent events with either line end, or one JSON array. */
  readonly style: "lf" | "crlf" | "array";
  readonly fault: Fault;
  readonly delayMs: number;
  readonly splitBytes?: number;
  /** The wire's form of an error inside a stream. */
  readonly errorFrame?: Frame;
}

const encoder = new TextEncoder();

/** The order in which a stream's bytes, pauses and faults happen. */
export function* planStream(plan: StreamPlan): Generator<BodyEvent> {
  const { fault } = plan;
  let sent = 0;
  function* send(frame: Frame): Generator<BodyEvent> {
    yield* cut(serializeFrame(frame, plan.style, sent), plan.splitBytes);
    sent += 1;
  }
  /** Faults that are due once this many deltas are out; true when the stream is over. */
  function* strike(deltas: number): Generator<BodyEvent, boolean> {
    if (fault.stallMs !== undefined && (fault.afterChunks ?? 0) === deltas) yield { waitMs: fault.stallMs };
    if (fault.malformedAfterChunks === deltas) yield* send({ kind: "delta", data: '{"broken":' });
    if (fault.errorAfterChunks?.after === deltas && plan.errorFrame !== undefined) {
      yield* send(plan.errorFrame);
      return true;
    }
    if (fault.reset === deltas) yield { reset: true };
    return fault.reset === deltas || fault.cutAfterChunks === deltas;
  }
  let deltas = 0;
  let opened = false;
  for (const frame of plan.frames) {
    if (frame.kind !== "head" && !opened) {
      opened = true;
      if (yield* strike(0)) return;
    }
    if (frame.kind === "delta" && deltas > 0 && plan.delayMs > 0) yield { waitMs: plan.delayMs };
    if (frame.kind === "end" && fault.noTerminator === true) continue;
    yield* send(frame);
    if (frame.kind !== "delta") continue;
    deltas += 1;
    if (yield* strike(deltas)) return;
  }
  if (plan.style === "array") yield { bytes: encoder.encode(sent === 0 ? "[]" : "]") };
}

/** The order for a body that is sent whole. */
export function* planBody(source: string, fault: Fault): Generator<BodyEvent> {
  const bytes = encoder.encode(source);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (fault.stallMs !== undefined) yield { waitMs: fault.stallMs };
  if (typeof fault.reset === "number") {
    yield { bytes: half };
    yield { reset: true };
    return;
  }
  yield {
    bytes: fault.truncateJson === true || fault.cutAfterChunks !== undefined || fault.malformedAfterChunks !== undefined ? half : bytes,
  };
}

function serializeFrame(frame: Frame, style: StreamPlan["style"], index: number): Uint8Array {
  if (style === "array") return encoder.encode((index === 0 ? "[" : ",\r\n") + frame.data);
  const end = style === "crlf" ? "\r\n" : "\n";
  return encoder.encode(`${frame.event === undefined ? "" : `event: ${frame.event}${end}`}data: ${frame.data}${end}${end}`);
}

function* cut(bytes: Uint8Array, size: number | undefined): Generator<BodyEvent> {
  if (size === undefined) return yield { bytes };
  for (let at = 0; at < bytes.length; at += size) yield { bytes: bytes.subarray(at, at + size) };
}
