import type { DecodeContext } from "../codecs/codec.ts";
import type { StreamEvent } from "../ir/event.ts";
import { mayPassThrough, settleRecord, type Call, type Finish } from "./call.ts";
import { billBroken } from "./cut-usage.ts";
import { parseBody, unreadable } from "./exchange.ts";
import type { EventSource, Outcome } from "./stage.ts";

/** Offers the events of a whole answer as one batch. */
export function wholeSource(text: string, decoding: DecodeContext, call: Call, finish: Finish): EventSource {
  const { context, codec, record, exchange } = call;
  const body = parseBody(text);
  const refusal = unreadable(200, body, record);
  if (refusal !== undefined) {
    if (/^\s*\{/.test(text)) billBroken(call);
    throw refusal;
  }
  const events = finish(codec.decodeResponse(body, decoding));
  if (mayPassThrough(call)) context.answer = { ...context.answer!, body: text };
  exchange.release();
  const now = context.runtime.clock.now();
  record.firstEventMs = now - record.startedAt;
  settleRecord(call, undefined, false, now);
  return batchSource(events);
}

/** A source of one batch that is there already. */
export function batchSource(events: readonly StreamEvent[]): EventSource {
  let left: readonly StreamEvent[] | undefined = events;
  let settled: Outcome | undefined;
  const callbacks: ((outcome: Outcome) => void)[] = [];
  const settle = (outcome: Outcome): void => {
    if (settled !== undefined) return;
    settled = outcome;
    for (const callback of callbacks) callback(outcome);
  };
  const take = (): readonly StreamEvent[] | undefined => {
    const batch = left;
    left = undefined;
    if (batch !== undefined) settle({});
    return batch;
  };
  return {
    take,
    pull: () => Promise.resolve(take()),
    cancel() {
      left = undefined;
      settle({ cancelled: true });
    },
    onSettled(callback) {
      if (settled === undefined) callbacks.push(callback);
      else callback(settled);
    },
  };
}
