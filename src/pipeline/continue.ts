import type { Citation } from "../ir/content.ts";
import type { ResponseEnd, StreamEvent, TextEnd, TextStart } from "../ir/event.ts";
import type { Warning } from "../ir/response.ts";
import { sumCost, sumUsage } from "../spend/row.ts";
import type { AttemptRecord } from "./context.ts";
import { takesPrefill } from "./continuation.ts";
import type { Cure } from "./recover.ts";
import { createSeam, type Seam } from "./seam.ts";
import { requestFor, type Trip } from "./trip.ts";

/** The last block of text that the reader was given. */
interface Block {
  readonly id: string;
  /** Where it begins in all of the text. */
  readonly from: number;
  readonly citations: Citation[];
  /** Its end, which is held back until something else follows: the stream may break off just here. */
  end: TextEnd | undefined;
  /** It is from an attempt that broke off, and nothing of the new one belongs to it yet. */
  orphan: boolean;
  /** Where in it the part of the attempt under way begins; absent where all is of one attempt. */
  joint?: number;
}

/**
 * Lets another attempt go on where an answer broke off, so that the reader sees one answer: text joins the block that was open, without what the
 * new attempt repeats at the seam; its head and its reasoning are left out. Text alone can be continued: where a tool call, a part or a refusal was shown,
 * where the answer is JSON, and where more than one was asked for, the reader is told the error. Reasoning that broke off before any text is closed, and the
 * answer begins behind it.
 */
export function carryOn(trip: Trip): Cure {
  const { context, request } = trip;
  let text = "";
  const mayBeJson = (request.output ?? trip.group.deployments.find(({ defaults }) => defaults?.output)?.defaults?.output)?.type === "json";
  let isOpen = !mayBeJson && (request.n ?? 1) === 1;
  let block: Block | undefined;
  let thought: string | undefined;
  let seam: Seam | undefined;
  let round = 0;
  /** The ids of the attempt under way, as the reader knows them; an empty one for what the reader does not get. */
  let ids = new Map<string, string>();
  let due: StreamEvent[] = [];
  const broken: AttemptRecord[] = [];
  const warnings: Warning[] = [];

  const say = (id: string, piece: string, out: StreamEvent[]): void => {
    if (piece === "") return;
    text += piece;
    out.push({ type: "text-delta", id, text: piece });
  };
  /** Hands out the end that was held back, or ends what nobody goes on with. */
  const close = (out: StreamEvent[]): void => {
    if (block === undefined || !(block.orphan || block.end !== undefined)) return;
    out.push(block.end ?? { type: "text-end", id: block.id });
    block = undefined;
  };
  const renamed = <E extends StreamEvent & { readonly id?: string }>(event: E, out: StreamEvent[]): void => {
    const id = event.id === undefined ? undefined : ids.get(event.id);
    if (id !== "") out.push(id === undefined ? event : { ...event, id });
  };
  const rename = (id: string): void => void (round > 0 && ids.set(id, `${id}+${round}`));

  const startText = (event: TextStart, out: StreamEvent[]): void => {
    const { id, choice = 0, refusal, phase } = event;
    if (choice > 0 || refusal === true || phase === "commentary") isOpen = false;
    else if (block?.orphan === true) {
      ids.set(id, block.id);
      block.orphan = false;
      block.end = undefined;
      block.joint = text.length - block.from;
      return;
    }
    close(out);
    rename(id);
    block = { id: ids.get(id) ?? id, from: text.length, citations: [], end: undefined, orphan: false };
    renamed(event, out);
  };
  const endText = (event: TextEnd, out: StreamEvent[]): void => {
    const id = ids.get(event.id) ?? event.id;
    if (block?.id !== id) return renamed(event, out);
    if (seam !== undefined) say(id, seam.end(), out);
    const { joint = 0 } = block;
    if (event.citations !== undefined) block.citations.push(...moved(event.citations, joint === 0 ? 0 : joint - seam!.cut));
    // State that belongs to the words of one attempt says nothing of words by two.
    const { citations } = block;
    block.end = block.joint === undefined ? { ...event, id } : { type: "text-end", id, ...(citations.length > 0 && { citations }) };
  };
  const end = (event: ResponseEnd): ResponseEnd => {
    if (round === 0) return event;
    const records = [...broken, context.attempts.at(-1)!];
    const [usage, cost] = [sumUsage(records), sumCost(records)];
    const { cost: _, ...rest } = event;
    return {
      ...rest,
      ...(usage !== undefined && { usage }),
      ...(cost !== undefined && { cost }),
      warnings: distinct([...warnings, ...(event.warnings ?? [])]),
    };
  };

  const pass = (event: StreamEvent, out: StreamEvent[]): void => {
    switch (event.type) {
      case "text-delta": {
        const id = ids.get(event.id) ?? event.id;
        const piece = seam === undefined ? event.text : seam.push(event.text);
        if (piece !== event.text) return say(id, piece, out);
        text += piece;
        return void out.push(id === event.id ? event : { ...event, id });
      }
      case "text-start":
        return startText(event, out);
      case "text-end":
        return endText(event, out);
      case "response-start":
        if (round > 0) return void (context.answer = { ...context.answer!, model: event.model ?? context.answer!.deployment.model });
        warnings.push(...(event.warnings ?? []));
        break;
      case "reasoning-start":
        if (round > 0 && text.trim() !== "") return void ids.set(event.id, "");
        close(out);
        rename(event.id);
        if ((event.choice ?? 0) > 0) isOpen = false;
        thought = ids.get(event.id) ?? event.id;
        break;
      case "reasoning-end":
        thought = undefined;
        break;
      case "part":
      case "tool-call-start":
        isOpen = false;
        close(out);
        break;
      case "response-end":
        close(out);
        return void out.push(end(event));
      case "reasoning-delta":
      case "tool-call-delta":
      case "tool-call-end":
      case "response-restart":
        break;
      default:
        return event satisfies never;
    }
    renamed(event, out);
  };

  return {
    show(batch) {
      const out = due;
      due = [];
      for (const event of batch) pass(event, out);
      return out;
    },
    broke(error) {
      if (!isOpen) return undefined;
      broken.push(...context.attempts.filter((each) => each.error === error));
      if (thought !== undefined) due.push({ type: "reasoning-end", id: thought });
      thought = undefined;
      trip.continuation = text.trim() === "" ? undefined : { text, prefill: true };
      return [];
    },
    renewed() {
      const { deployment } = context.answer!;
      const { continuation } = trip;
      round++;
      ids = new Map();
      if (block !== undefined) block.orphan = true;
      seam = createSeam(text, continuation?.prefill === true && takesPrefill(requestFor(trip, deployment), deployment.target));
      const how = continuation === undefined ? "answered from the beginning" : "went on from there";
      const details = `${broken.at(-1)?.deployment} broke off after ${text.length} characters of text; ${deployment.id} ${how}`;
      warnings.push({ type: "other", feature: "recovery", details });
    },
    lost: (failure, error) => (failure.code === "ABORTED" ? failure : error),
  };
}

/** Citations of a later part of a block, by their places in the whole of it; as their provider sent them they would point elsewhere. */
function moved(citations: readonly Citation[], by: number): readonly Citation[] {
  if (by === 0) return citations;
  const place = (at: number | undefined): number | undefined => (at === undefined ? undefined : Math.max(0, at + by));
  return citations.map(({ raw: _, answerStart, answerEnd, ...rest }) => {
    const [from, to] = [place(answerStart), place(answerEnd)];
    return { ...rest, ...(from !== undefined && { answerStart: from }), ...(to !== undefined && { answerEnd: to }) };
  });
}

/** Each once: attempts may tell the same of the request. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
