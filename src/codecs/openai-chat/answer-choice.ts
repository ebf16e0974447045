import type { Citation, Part, TokenLogprob } from "../../ir/content.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { FinishReason } from "../../ir/response.ts";
import type { DecodeContext } from "../codec.ts";
import { audioPart, imageFile, joinBase64 } from "./content.ts";
import { finishReason } from "./finish-reason.ts";
import { createToolCalls } from "./tool-calls.ts";
import { asArray, asNumber, asObject, asText, compact, type Wire } from "./wire.ts";

export interface ChoiceSetup {
  readonly context: DecodeContext;
  readonly index: number;
  readonly begin: (out: StreamEvent[]) => void;
  readonly blockId: (kind: string) => string;
  /** The provider's id of a call when it is usable, else a new one. */
  readonly callId: (given: string | undefined) => string;
}

/** One answer of several: its blocks, and what is told only at its end. */
export interface AnswerChoice {
  delta(message: JSONObject, logprobs: TokenLogprob[] | undefined, out: StreamEvent[]): void;
  finish(raw: string | undefined, out: StreamEvent[]): void;
  /** What came after the finish reason, or can be told only now. */
  close(out: StreamEvent[]): void;
  readonly finished: boolean;
  readonly reason: FinishReason;
}

type Kind = "text" | "refusal" | "reasoning";

export function createAnswerChoice({ context, index, begin, blockId, callId }: ChoiceSetup): AnswerChoice {
  const { target, request } = context;
  const replay = target.quirks.replayReasoning;
  const choice = index === 0 ? undefined : { choice: index };
  let open: { readonly kind: Kind; readonly id: string } | undefined;
  let citations: Citation[] = [];
  let details: Wire[] = [];
  let refused = false;
  let held = "";
  let prefill = target.quirks.prefixFlag === true ? prefillOf(request.messages.at(-1)) : undefined;
  let audio: { id?: string; data: string[]; transcript: string; expires?: number } | undefined;
  let reason: FinishReason | undefined;

  const close = (out: StreamEvent[]): void => {
    if (open === undefined) return;
    const { kind, id } = open;
    open = undefined;
    if (kind === "reasoning") {
      out.push({ type: "reasoning-end", id, ...reasoningState() });
    } else {
      out.push({ type: "text-end", id, ...(citations.length === 0 ? undefined : { citations }) });
      citations = [];
    }
  };

  const start = (kind: Kind, out: StreamEvent[]): string => {
    close(out);
    begin(out);
    open = { kind, id: blockId(kind === "reasoning" ? "r" : "t") };
    if (kind === "reasoning") out.push({ type: "reasoning-start", id: open.id, ...choice });
    else out.push({ type: "text-start", id: open.id, ...(kind === "refusal" ? { refusal: true } : undefined), ...choice });
    return open.id;
  };

  const write = (kind: Kind, text: string, out: StreamEvent[], logprobs?: TokenLogprob[]): void => {
    const id = open?.kind === kind ? open.id : start(kind, out);
    if (kind === "reasoning") out.push({ type: "reasoning-delta", id, text });
    else out.push(logprobs === undefined ? { type: "text-delta", id, text } : { type: "text-delta", id, text, logprobs });
  };

  /** Marks reasoning as the target's own, so that it may go back there. */
  const reasoningState = () => {
    if (replay === undefined) return undefined;
    const kind = details.length > 0 ? "reasoning-details" : "reasoning";
    const data = details.length > 0 ? JSON.stringify(details) : "";
    details = [];
    return { opaque: [{ family: target.family, model: target.model, kind, data }] };
  };

  const say = (text: string, out: StreamEvent[], logprobs?: TokenLogprob[]): void => {
    if (prefill !== undefined) {
      held += text;
      if (held.length < prefill.length && prefill.startsWith(held)) return;
      text = held.startsWith(prefill) ? held.slice(prefill.length) : held;
      held = "";
      prefill = undefined;
    }
    if (text !== "" || logprobs !== undefined) write("text", text, out, logprobs);
  };

  const calls = createToolCalls({
    context,
    choice,
    callId,
    begin(out) {
      close(out);
      begin(out);
    },
  });

  const part = (value: Part, out: StreamEvent[]): void => {
    close(out);
    begin(out);
    out.push({ type: "part", part: value, ...choice });
  };

  const contentPart = (value: unknown, out: StreamEvent[]): void => {
    const entry = asObject(value);
    const text = asText(value) ?? asText(entry?.["text"]);
    if (entry?.["type"] === "thinking") {
      const thinking = entry["thinking"];
      const inner =
        asText(thinking) ??
        asArray(thinking)
          .map((each) => asText(asObject(each)?.["text"]) ?? "")
          .join("");
      if (inner !== "") write("reasoning", inner, out);
    } else if (entry?.["type"] === "reference") {
      for (const id of asArray(entry["reference_ids"])) part({ type: "source", source: { id: String(id) } }, out);
    } else if (text !== undefined) say(text, out);
    else if (entry !== undefined) image(entry, out);
  };

  const image = (entry: JSONObject, out: StreamEvent[]): void => {
    const file = imageFile(entry);
    if (file !== undefined) part(file, out);
  };

  return {
    delta(message, logprobs, out) {
      const content = message["content"];
      const thought = asText(message["reasoning_content"]) ?? asText(message["reasoning"]);
      if (thought !== undefined) write("reasoning", thought, out);
      if (message["reasoning_details"]) {
        for (const each of asArray(message["reasoning_details"])) {
          const detail = asObject(each);
          if (detail === undefined) continue;
          const text = asText(detail["text"]) ?? asText(detail["summary"]);
          if (thought === undefined && text !== undefined) write("reasoning", text, out);
          addDetail(details, detail);
        }
      }
      if (typeof content === "string") {
        if (content !== "" || logprobs !== undefined) say(content, out, logprobs);
      } else if (content) {
        for (const each of asArray(content)) contentPart(each, out);
      }
      const refusal = asText(message["refusal"]);
      if (refusal !== undefined) {
        refused = true;
        write("refusal", refusal, out, logprobs);
      }
      for (const each of asArray(message["annotations"])) {
        const found = citation(asObject(each), target.family);
        if (found !== undefined) citations.push(found);
      }
      const list = message["tool_calls"];
      if (list) {
        // A whole message numbers its calls by their place.
        const whole = Array.isArray(list) && list.length > 1 && list.every((each) => asObject(each)?.["index"] === undefined);
        asArray(list).forEach((each, position) => calls.delta(asObject(each) ?? {}, whole ? position : undefined, out));
      }
      if (message["function_call"]) calls.delta({ function: message["function_call"] }, -1, out);
      if (message["images"]) for (const each of asArray(message["images"])) image(asObject(each) ?? {}, out);
      const sound = asObject(message["audio"]);
      if (sound !== undefined) {
        audio ??= { data: [], transcript: "" };
        Object.assign(audio, compact({ id: asText(sound["id"]), expires: asNumber(sound["expires_at"]) }));
        if (asText(sound["data"]) !== undefined) audio.data.push(asText(sound["data"])!);
        audio.transcript += asText(sound["transcript"]) ?? "";
      }
    },

    finish(raw, out) {
      if (reason !== undefined) return;
      if (held !== "") write("text", held, out);
      held = "";
      prefill = undefined;
      close(out);
      calls.end(out);
      reason = finishReason(raw, calls.any, refused);
    },

    close(out) {
      close(out);
      calls.end(out);
      if (details.length > 0 && replay !== undefined) {
        start("reasoning", out);
        close(out);
      }
      for (const { source } of citations) part({ type: "source", source }, out);
      if (audio !== undefined) part(audioPart({ ...audio, data: joinBase64(audio.data) }, context), out);
    },

    get finished() {
      return reason !== undefined;
    },
    get reason() {
      return reason ?? { unified: "other" };
    },
  };
}

function prefillOf(message: DecodeContext["request"]["messages"][number] | undefined): string | undefined {
  if (message?.role !== "assistant") return undefined;
  const { content } = message;
  return asText(typeof content === "string" ? content : content.map((each) => (each.type === "text" ? each.text : "")).join(""));
}

/** Deltas of one detail follow each other; they are joined, so that the state goes back as one piece. */
function addDetail(details: Wire[], detail: JSONObject): void {
  const last = details.at(-1);
  if (last === undefined || last["type"] !== detail["type"] || last["index"] !== detail["index"] || detail["index"] === undefined) {
    details.push({ ...detail });
    return;
  }
  for (const key of ["text", "summary", "data"]) {
    if (typeof detail[key] === "string") last[key] = (asText(last[key]) ?? "") + detail[key];
  }
  for (const key of ["signature", "id", "format"]) if (detail[key]) last[key] = detail[key];
}

function citation(annotation: JSONObject | undefined, family: string): Citation | undefined {
  if (annotation === undefined) return undefined;
  const value = asObject(annotation[asText(annotation["type"]) ?? ""]) ?? annotation;
  return compact<Citation>({
    source: compact({
      url: asText(value["url"]),
      title: asText(value["title"]),
      filename: asText(value["filename"]) ?? asText(value["name"]),
      fileId: asText(value["file_id"]),
    }),
    answerStart: asNumber(value["start_index"]),
    answerEnd: asNumber(value["end_index"]),
    raw: { family, value: annotation },
  });
}
