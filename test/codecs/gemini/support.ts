import { gemini } from "../../../src/codecs/gemini/index.ts";
import type { DecodeContext, EncodeContext } from "../../../src/codecs/codec.ts";
import { accumulate, type Accumulated } from "../../../src/ir/accumulate.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import type { ModelRequest } from "../../../src/ir/request.ts";
import type { ModelResponse } from "../../../src/ir/response.ts";
import type { Target } from "../../../src/ir/target.ts";

export function targetOf(change: Partial<Target> = {}): Target {
  return {
    codec: "gemini",
    provider: "google",
    family: "google",
    model: "gemini-3-pro-preview",
    quirks: {},
    traits: {},
    optionKeys: ["gemini", "google"],
    unsupported: "warn",
    ...change,
  };
}

export function contextOf(request: Partial<ModelRequest> = {}, target: Target = targetOf()): DecodeContext {
  let count = 0;
  return { target, request: { model: "m", messages: [], ...request }, newId: (prefix) => `${prefix}_new${count++}` };
}

export function encodeContextOf(request: Partial<ModelRequest> = {}, more: Partial<EncodeContext> = {}): EncodeContext {
  let count = 0;
  return {
    client: { request: { model: "asked", messages: [], ...request }, stream: false, warnings: [] },
    newId: (prefix) => `${prefix}_new${count++}`,
    now: 1_700_000_000,
    ...more,
  };
}

export function streamEvents(frames: readonly unknown[], context: DecodeContext = contextOf()): StreamEvent[] {
  const decoder = gemini.decodeStream(context);
  const out: StreamEvent[] = [];
  for (const frame of frames) decoder.push(typeof frame === "string" ? frame : JSON.stringify(frame), undefined, out);
  decoder.end(out);
  return out;
}

export function decodeWhole(body: unknown, context: DecodeContext = contextOf()): Accumulated {
  return accumulate(gemini.decodeResponse(body, context));
}

export function decodeFrames(frames: readonly unknown[], context: DecodeContext = contextOf()): Accumulated {
  return accumulate(streamEvents(frames, context));
}

/** Checks what every stream must hold: blocks start before they go on, end once, and before the response does. */
export function checkEvents(events: readonly StreamEvent[]): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const used = new Set<string>();
  for (const [index, event] of events.entries()) {
    if (event.type === "response-start" && index !== 0) faults.push("a second start");
    if (event.type.endsWith("-start") && "id" in event && event.type !== "response-start") {
      if (used.has(event.id as string)) faults.push(`id ${event.id} is used twice`);
      used.add(event.id as string);
      open.add(event.id as string);
    } else if (event.type.endsWith("-delta") && "id" in event && !open.has(event.id as string))
      faults.push(`delta for ${event.id}, which is not open`);
    else if (event.type.endsWith("-end") && "id" in event && !open.delete(event.id as string))
      faults.push(`end of ${event.id}, which is not open`);
    else if (event.type === "response-end" && (open.size > 0 || index !== events.length - 1)) faults.push("the response ends too early");
  }
  if (events.at(-1)?.type !== "response-end") faults.push("no end");
  return faults;
}

export function candidate(
  parts: readonly unknown[],
  more: Record<string, unknown> = {},
  outer: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    candidates: [{ content: { parts, role: "model" }, index: 0, ...more }],
    modelVersion: "gemini-3-pro-preview",
    responseId: "r1",
    ...outer,
  };
}

export function responseOf(accumulated: Accumulated): ModelResponse {
  return { ...accumulated, provider: "google", deployment: "google", attempts: [] };
}
