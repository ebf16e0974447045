import type { StreamEvent } from "../ir/event.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { ResolvedInput } from "./kept-responses.ts";
import type { ResponseStore } from "./response-store.ts";

/** Keeps the answer to one request of the Responses API. */
export interface Keeping {
  /** Whoever knows the id of a response or an item may go on from it, so that ids cannot be guessed. */
  readonly newId: (prefix: string) => string;
  /** The id that the client gets: the provider's own where it is one of this wire that is not taken. */
  idOf(given: string | undefined): string;
  /** The same events, with that id. */
  named(events: readonly StreamEvent[]): readonly StreamEvent[];
  /** `length` is that of the answer's JSON. A failed response is not kept. */
  keep(body: JSONObject, length: number): void;
}

export function createKeeping({ own = [], previous }: ResolvedInput, length: number, store: ResponseStore): Keeping {
  const newId = (prefix: string): string => `${prefix}_${crypto.randomUUID().replaceAll("-", "")}`;
  let named = false;
  const idOf = (given: string | undefined): string =>
    given !== undefined && /^resp_.{16}/.test(given) && store.get(given) === undefined ? given : newId("resp");
  return {
    newId,
    idOf,
    named(events) {
      if (named) return events;
      return events.map((event) => {
        if (event.type !== "response-start") return event;
        named = true;
        return { ...event, id: idOf(event.id) };
      });
    },
    keep(body, answerLength) {
      const id = body["id"] as string;
      if (body["status"] !== "failed") store.keep({ id, body, input: own, previous }, length + answerLength);
    },
  };
}

const WIRE = "openai-responses";

/** The request without what speaks to a memory: what it referred to is in it, and with `kept` the answer is kept here and nowhere else. */
export function withoutMemory(request: ModelRequest, kept: boolean): ModelRequest {
  const { store, providerOptions, ...rest } = request;
  const { previous_response_id: previous, ...options } = providerOptions?.[WIRE] ?? {};
  if (previous === undefined && !(kept && store !== undefined)) return request;
  return {
    ...rest,
    ...(kept || store === undefined ? undefined : { store }),
    ...(providerOptions === undefined ? undefined : { providerOptions: { ...providerOptions, [WIRE]: options } }),
  };
}
