import type { Opaque } from "../../ir/content.ts";
import { CrosspointError } from "../../ir/error.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import type { FinishReason, Warning } from "../../ir/response.ts";
import type { DecodeContext } from "../codec.ts";
import { decodeGrounding } from "./citations.ts";
import { decodeError } from "./errors.ts";
import { decodeFinishReason } from "./finish-reason.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { decodeFile } from "./media.ts";
import { createArgumentWriter, type ArgumentWriter } from "./partial-arguments.ts";
import { signatureOf } from "./signature.ts";
import { customInput } from "./tools.ts";
import { decodeUsage } from "./usage.ts";
import { field, GEMINI, isObject, listOf, objectOf, textOf } from "./wire.ts";

/** A text or reasoning block that is not ended. */
interface Block {
  readonly id: string;
  readonly type: "text" | "reasoning";
  text: string;
  opaque?: Opaque;
}

interface Call {
  readonly id: string;
  readonly custom: boolean;
  readonly writer: ArgumentWriter;
  text: string;
  opaque?: Opaque;
}

interface Candidate {
  readonly index: number;
  block?: Block | undefined;
  call?: Call | undefined;
  called: boolean;
  finish?: string;
  metadata: JSONObject;
  /** Grounding chunks that a later list replaced. */
  grounds: JSONValue[];
}

/** The state of one answer, whole or streamed: frames in, events out. */
export interface Answer {
  /** One GenerateContentResponse. Throws the error that it carries. */
  read(frame: JSONObject, out: StreamEvent[]): void;
  /** More text for the block that the last frame was about; false when there is none. */
  append(text: string, out: StreamEvent[]): boolean;
  /** Ends all blocks and the response. `whole`: the answer came in one body, so it cannot have been cut. */
  finish(out: StreamEvent[], usage: JSONObject | undefined, warnings: readonly Warning[], whole: boolean): void;
  /** The last usage that was told. */
  readonly usage: JSONObject | undefined;
}

/** Candidates that one answer may have; an index beyond is not believed. */
const MAX_CANDIDATES = 128;

/** Fields of a candidate that become events; the others are kept as metadata. */
const CONTENT = new Set(["content", "finishReason", "index", "logprobsResult"]);

export function createAnswer(context: DecodeContext): Answer {
  const { target } = context;
  const candidates = new Map<number, Candidate>();
  const ids = new Set<string>();
  let blocks = 0;
  let started = false;
  let usage: JSONObject | undefined;
  let metadata: JSONObject = {};
  let last: Candidate | undefined;

  const choice = ({ index }: Candidate): { readonly choice: number } | undefined => (index === 0 ? undefined : { choice: index });
  const state = (opaque: Opaque | undefined): { readonly opaque: readonly Opaque[] } | undefined =>
    opaque === undefined ? undefined : { opaque: [opaque] };

  const endBlock = (candidate: Candidate, out: StreamEvent[], citations?: ReturnType<typeof decodeGrounding>["citations"]): void => {
    const { block } = candidate;
    if (block === undefined) return;
    candidate.block = undefined;
    const cited = citations === undefined || citations.length === 0 || block.type !== "text" ? undefined : { citations };
    out.push({ type: `${block.type}-end`, id: block.id, ...cited, ...state(block.opaque) });
  };

  const endCall = (candidate: Candidate, out: StreamEvent[]): void => {
    const { call } = candidate;
    if (call === undefined) return;
    candidate.call = undefined;
    const rest = call.writer.end();
    call.text += rest;
    const missing = call.custom ? customInput(call.text) : call.text === "" ? "{}" : rest;
    if (missing !== "") out.push({ type: "tool-call-delta", id: call.id, arguments: missing });
    out.push({ type: "tool-call-end", id: call.id, ...state(call.opaque) });
  };

  const openBlock = (candidate: Candidate, type: Block["type"], out: StreamEvent[]): Block => {
    endCall(candidate, out);
    endBlock(candidate, out);
    candidate.block = { id: `${type[0]}${blocks++}`, type, text: "" };
    out.push({ type: `${type}-start`, id: candidate.block.id, ...choice(candidate) });
    return candidate.block;
  };

  const readText = (
    candidate: Candidate,
    type: Block["type"],
    text: string,
    opaque: Opaque | undefined,
    part: JSONObject,
    out: StreamEvent[],
  ): void => {
    const logprobs = decodeLogprobs(part.logprobs);
    let { block } = candidate;
    if (text === "") {
      // A signature that comes alone belongs to what was said before it.
      if (opaque === undefined) return;
      if (candidate.call !== undefined) candidate.call.opaque ??= opaque;
      else if (block !== undefined && block.opaque === undefined) block.opaque = opaque;
      else openBlock(candidate, type, out).opaque = opaque;
      return;
    }
    if (block === undefined || block.type !== type || block.opaque !== undefined) block = openBlock(candidate, type, out);
    block.text += text;
    if (opaque !== undefined) block.opaque = opaque;
    if (type === "text") out.push({ type: "text-delta", id: block.id, text, ...(logprobs === undefined ? undefined : { logprobs }) });
    else out.push({ type: "reasoning-delta", id: block.id, text });
  };

  const readCall = (candidate: Candidate, given: JSONObject, opaque: Opaque | undefined, out: StreamEvent[]): void => {
    const name = textOf(given.name);
    if (name !== undefined) {
      endCall(candidate, out);
      endBlock(candidate, out);
      const said = textOf(given.id);
      const id = said === undefined || ids.has(said) ? context.newId("call") : said;
      ids.add(id);
      const custom = context.request.tools?.some((tool) => tool.type === "custom" && tool.name === name) === true;
      candidate.called = true;
      candidate.call = { id, custom, writer: createArgumentWriter(), text: "" };
      out.push({ type: "tool-call-start", id, name, ...(custom ? { custom } : undefined), ...choice(candidate) });
    }
    const { call } = candidate;
    if (call === undefined) return;
    if (opaque !== undefined) call.opaque = opaque;
    let text = "";
    for (const entry of listOf(given.partialArgs)) text += call.writer.write(entry);
    if (
      call.text === "" &&
      text === "" &&
      given.args != null &&
      (given.willContinue !== true || Object.keys(objectOf(given.args)).length > 0)
    ) {
      text = typeof given.args === "string" ? given.args : JSON.stringify(given.args);
    }
    call.text += text;
    if (text !== "" && !call.custom) out.push({ type: "tool-call-delta", id: call.id, arguments: text });
    if (given.willContinue !== true) endCall(candidate, out);
  };

  const readPart = (candidate: Candidate, part: JSONObject, out: StreamEvent[]): void => {
    const opaque = signatureOf(part.thoughtSignature, target);
    const thought = part.thought === true;
    if (typeof part.text === "string") return readText(candidate, thought ? "reasoning" : "text", part.text, opaque, part, out);
    if (isObject(part.functionCall)) return readCall(candidate, part.functionCall, opaque, out);
    const { thoughtSignature: _signature, ...rest } = part;
    if (Object.keys(rest).length === 0) return readText(candidate, "text", "", opaque, part, out);
    endCall(candidate, out);
    endBlock(candidate, out);
    const inline = isObject(part.inlineData) ? part.inlineData : undefined;
    // An image that was only a thought is no answer: it stays a block of this family.
    const file = thought ? undefined : decodeFile(inline, isObject(part.fileData) ? part.fileData : undefined);
    const whole = file ?? ({ type: "provider", family: target.family, codec: GEMINI, raw: rest } as const);
    out.push({ type: "part", part: { ...whole, ...state(opaque) }, ...choice(candidate) });
  };

  const readCandidate = (given: JSONObject, position: number, out: StreamEvent[]): void => {
    const { content, finishReason, index, logprobsResult } = given;
    const place = typeof index === "number" && index >= 0 && index < MAX_CANDIDATES ? Math.trunc(index) : position;
    if (place >= MAX_CANDIDATES) return;
    let candidate = candidates.get(place);
    if (candidate === undefined) candidates.set(place, (candidate = { index: place, called: false, metadata: {}, grounds: [] }));
    last = candidate;
    const parts = listOf(objectOf(content).parts);
    // The log probabilities are those of the frame, so they ride on its first text.
    let logprobs: JSONValue | undefined = logprobsResult;
    for (const part of parts) {
      if (!isObject(part)) continue;
      if (logprobs !== undefined && textOf(part.text) !== undefined && part.thought !== true) {
        readPart(candidate, { ...part, logprobs }, out);
        logprobs = undefined;
      } else readPart(candidate, part, out);
    }
    const raw = textOf(finishReason);
    if (raw !== undefined) candidate.finish = raw;
    if (objectOf(given.groundingMetadata).groundingChunks != null) {
      for (const each of listOf(objectOf(candidate.metadata.groundingMetadata).groundingChunks)) candidate.grounds.push(each);
    }
    for (const key in given) {
      const value = CONTENT.has(key) ? undefined : given[key];
      const before = candidate.metadata[key];
      if (value != null)
        candidate.metadata = { ...candidate.metadata, [key]: isObject(before) && isObject(value) ? { ...before, ...value } : value };
    }
  };

  const start = (frame: JSONObject, out: StreamEvent[]): void => {
    started = true;
    const id = textOf(frame.responseId);
    const model = textOf(frame.modelVersion);
    const created = Math.floor(Date.parse(textOf(frame.createTime) ?? "") / 1000);
    out.push({
      type: "response-start",
      ...(id === undefined ? undefined : { id }),
      ...(model === undefined ? undefined : { model }),
      ...(Number.isNaN(created) ? undefined : { created }),
    });
  };

  const endCandidate = (candidate: Candidate, out: StreamEvent[]): FinishReason => {
    endCall(candidate, out);
    const block = candidate.block?.type === "text" ? candidate.block : undefined;
    const { citations, sources } = decodeGrounding(candidate.metadata, block?.text ?? "", candidate.grounds);
    endBlock(candidate, out, citations);
    for (const source of sources) out.push({ type: "part", part: { type: "source", source }, ...choice(candidate) });
    return decodeFinishReason(candidate.finish, candidate.called);
  };

  return {
    read(frame, out) {
      if (frame.error != null) throw decodeError(200, frame, undefined);
      if (!started) start(frame, out);
      if (isObject(frame.usageMetadata)) usage = frame.usageMetadata;
      for (const key of ["promptFeedback", "modelStatus"]) if (frame[key] != null) metadata = { ...metadata, [key]: frame[key] };
      for (const [position, given] of listOf(frame.candidates).entries()) {
        if (isObject(given)) readCandidate(given, position, out);
      }
    },
    append(text, out) {
      const block = last?.block;
      if (block === undefined || block.opaque !== undefined) return false;
      block.text += text;
      out.push({ type: `${block.type}-delta`, id: block.id, text });
      return true;
    },
    finish(out, lastUsage, warnings, whole) {
      const blocked = textOf(objectOf(metadata.promptFeedback).blockReason);
      const all = [...candidates.values()].sort((first, second) => first.index - second.index);
      if (!started || (all.length === 0 && blocked === undefined)) {
        throw whole
          ? new CrosspointError("BAD_RESPONSE", "the answer has neither candidates nor a reason for their absence")
          : new CrosspointError("STREAM_INTERRUPTED", "the stream ended before the answer began");
      }
      const cut = all.find(({ finish }) => finish === undefined);
      if (!whole && cut !== undefined) throw new CrosspointError("STREAM_INTERRUPTED", "the stream ended without a finish reason");
      const reasons: FinishReason[] = all.length === 0 ? [{ unified: "content-filter", raw: blocked! }] : [];
      for (const candidate of all) {
        while (reasons.length < candidate.index) reasons.push({ unified: "other" });
        reasons.push(endCandidate(candidate, out));
      }
      const [first = { unified: "other" }, ...others] = reasons;
      const counted = lastUsage ?? usage;
      const searches = all.reduce((sum, each) => sum + listOf(objectOf(each.metadata.groundingMetadata).webSearchQueries).length, 0);
      const spent = counted === undefined ? undefined : decodeUsage(counted, searches);
      const extra = {
        ...metadata,
        ...all[0]?.metadata,
        ...(all.length > 1
          ? field(
              "otherCandidates",
              all.slice(1).map((each) => each.metadata),
            )
          : undefined),
      };
      out.push({
        type: "response-end",
        finishReason: first,
        ...(others.length === 0 ? undefined : { otherFinishReasons: others }),
        ...(spent === undefined
          ? undefined
          : { usage: spent, ...(spent.serviceTier === undefined ? undefined : { serviceTier: spent.serviceTier }) }),
        ...(Object.keys(extra).length === 0 ? undefined : { providerMetadata: { [target.family]: extra } }),
        ...(warnings.length === 0 ? undefined : { warnings }),
      });
    },
    get usage() {
      return usage;
    },
  };
}
