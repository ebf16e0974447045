import { isObject, type JSONObject } from "../ir/json.ts";
import { CrosspointError } from "../ir/error.ts";
import type { Endpoints } from "./endpoints.ts";
import { jsonResponse, type Incoming } from "./http.ts";
import type { KeptResponse, ResponseStore } from "./response-store.ts";
import type { Route } from "./routes.ts";

/** The body of a Responses request that refers to nothing any more. */
export interface ResolvedInput {
  /** The same body when it referred to nothing. */
  readonly body: unknown;
  readonly previous: KeptResponse | undefined;
  /** The items of this turn alone; `undefined` when the body has no input to speak of. */
  readonly own: readonly JSONObject[] | undefined;
}

/**
 * Puts what a request refers to in the place of the reference: the turns before `previous_response_id`, and items by their id. Throws NOT_FOUND
 * for what is not kept, BAD_REQUEST where nothing is.
 */
export function resolveInput(body: unknown, store: ResponseStore | undefined): ResolvedInput {
  if (!isObject(body)) return { body, previous: undefined, own: undefined };
  const { input, previous_response_id: id } = body;
  const previous = id === undefined || id === null ? undefined : findPrevious(id, store);
  const given = typeof input === "string" ? [{ role: "user", content: input }] : Array.isArray(input) ? (input as JSONObject[]) : undefined;
  const own = given?.some(isReference) ? given.map((item, index) => (isReference(item) ? findItem(item, index, store) : item)) : given;
  if (own === undefined || (previous === undefined && own === given)) return { body, previous, own };
  return { body: { ...body, input: previous === undefined ? own : [...history(previous), ...own] }, previous, own };
}

function findPrevious(id: unknown, store: ResponseStore | undefined): KeptResponse {
  const param = "previous_response_id";
  if (typeof id !== "string") throw new CrosspointError("BAD_REQUEST", `${param}: must be a string`, { param });
  if (store === undefined) {
    throw new CrosspointError("BAD_REQUEST", `${param}: no responses are kept here (option responseStore); send the whole input`, {
      param,
    });
  }
  const found = store.get(id);
  if (found !== undefined) return found;
  throw new CrosspointError("NOT_FOUND", `Previous response with id '${id}' not found.`, {
    param,
    providerCode: "previous_response_not_found",
  });
}

/** Clients may leave out the type. */
function isReference(item: unknown): item is JSONObject & { readonly id: string } {
  if (!isObject(item) || typeof item["id"] !== "string") return false;
  return item["type"] === "item_reference" || ((item["type"] ?? undefined) === undefined && item["role"] === undefined);
}

function findItem({ id }: { readonly id: string }, index: number, store: ResponseStore | undefined): JSONObject {
  const item = store?.item(id);
  if (item !== undefined) return item;
  throw new CrosspointError(
    "NOT_FOUND",
    `Item with id '${id}' not found. Items of responses with \`store\` set to false are not kept; send the item.`,
    {
      param: `input[${index}]`,
    },
  );
}

/** The items of a response and of all before it, questions and answers. */
function history(last: KeptResponse): JSONObject[] {
  const turns: (readonly JSONObject[])[] = [];
  for (let each: KeptResponse | undefined = last; each !== undefined; each = each.previous) {
    turns.push(each.body["output"] as readonly JSONObject[], each.input);
  }
  return turns.reverse().flat();
}

/** Answers a client that asks for a response it got before, or for what led to it, or wants it forgotten. */
export function answerKeptResponse(
  { id, what }: Extract<Route, { kind: "kept-response" }>,
  { url }: Incoming,
  { responses }: Endpoints,
): Response {
  const kept = responses?.get(id);
  if (kept === undefined) throw new CrosspointError("NOT_FOUND", `Response with id '${id}' not found.`, { param: "response_id" });
  switch (what) {
    case "response":
      if (url.searchParams.get("stream") === "true") {
        throw new CrosspointError("BAD_REQUEST", "stream: a response that is over cannot be streamed", { param: "stream" });
      }
      return jsonResponse(kept.body);
    case "input":
      return jsonResponse(inputPage(kept, url.searchParams));
    case "delete":
      responses!.delete(id);
      return jsonResponse({ id, object: "response", deleted: true });
    default:
      return what satisfies never;
  }
}

const PAGE = 20;

function inputPage(kept: KeptResponse, query: URLSearchParams): JSONObject {
  const before = kept.previous === undefined ? [] : history(kept.previous);
  const items = [...before, ...kept.input].map((item, index) => toInputItem(item, `${kept.id}_${index}`));
  if (query.get("order") !== "asc") items.reverse();
  const from = items.findIndex((item) => item["id"] === query.get("after")) + 1;
  const limit = Number(query.get("limit") ?? PAGE);
  const data = items.slice(from, from + (limit >= 1 ? Math.min(limit, 100) : PAGE));
  return {
    object: "list",
    data,
    first_id: data[0]?.["id"] ?? null,
    last_id: data.at(-1)?.["id"] ?? null,
    has_more: from + data.length < items.length,
  };
}

/** An item as it is listed: with an id, a type, and a list of parts. */
function toInputItem(item: JSONObject, id: string): JSONObject {
  const { content } = item;
  const type = item["role"] === "assistant" ? "output_text" : "input_text";
  return { id, type: "message", ...item, ...(typeof content === "string" ? { content: [{ type, text: content }] } : undefined) };
}
