import type { JSONObject } from "../ir/json.ts";
import type { ResponseStoreOptions } from "../options.ts";
import type { Clock } from "../transport/clock.ts";

/** A response that is kept, with what was asked to get it. */
export interface KeptResponse {
  readonly id: string;
  /** The response object as the client got it. */
  readonly body: JSONObject;
  /** The items of its own turn, without those of the turns before. */
  readonly input: readonly JSONObject[];
  readonly previous: KeptResponse | undefined;
}

/** Remembers responses, so that a conversation can go on from one by its id, whichever provider answered. */
export interface ResponseStore {
  get(id: string): KeptResponse | undefined;
  /** An output item of a response that is kept. */
  item(id: string): JSONObject | undefined;
  /** `length` is that of the turn's JSON, question and answer. */
  keep(response: KeptResponse, length: number): void;
  delete(id: string): boolean;
}

interface Node extends KeptResponse {
  readonly previous: Node | undefined;
  readonly bytes: number;
  readonly itemIds: readonly string[];
  expires: number;
  /** The index, and the responses that continue this one: while there is any, it takes up memory. */
  users: number;
}

const DEFAULTS = { maxEntries: 10_000, maxBytes: 64 * 1024 * 1024, ttl: 24 * 60 * 60_000 } as const;
/** What a response takes up besides its text. */
const OVERHEAD = 1024;
/** Ids that are shorter can be guessed: they name nothing to others. */
const MIN_ITEM_ID = 20;

/**
 * A store in memory. What was used longest ago goes first, and `ttl` after its last use. A response that others continue stays in memory with
 * them, but is not found any more.
 */
export function createResponseStore(options: ResponseStoreOptions, clock: Clock): ResponseStore {
  const { maxEntries, maxBytes, ttl } = { ...DEFAULTS, ...options };
  /** In order of use, which is the order of expiry too. */
  const nodes = new Map<string, Node>();
  const items = new Map<string, JSONObject | undefined>();
  let bytes = 0;

  const hold = (node: Node | undefined): void => {
    for (let each = node; each !== undefined && each.users++ === 0; each = each.previous) bytes += each.bytes;
  };
  const remove = (node: Node): void => {
    nodes.delete(node.id);
    for (let each: Node | undefined = node; each !== undefined && --each.users === 0; each = each.previous) {
      bytes -= each.bytes;
      for (const id of each.itemIds) items.delete(id);
    }
  };
  const purge = (): void => {
    const now = clock.now();
    for (const node of nodes.values()) {
      if (node.expires > now && nodes.size <= maxEntries && bytes <= maxBytes) break;
      remove(node);
    }
  };
  const touch = (node: Node): void => {
    node.expires = clock.now() + ttl;
    nodes.delete(node.id);
    nodes.set(node.id, node);
  };

  return {
    get(id) {
      purge();
      const node = nodes.get(id);
      if (node !== undefined) touch(node);
      return node;
    },
    item(id) {
      purge();
      return items.get(id);
    },
    keep({ id, body, input, previous }, length) {
      const itemIds: string[] = [];
      for (const item of body["output"] as readonly JSONObject[]) {
        const { id: itemId } = item;
        if (typeof itemId !== "string" || itemId.length < MIN_ITEM_ID) continue;
        itemIds.push(itemId);
        // An id that stands for two items stands for neither.
        items.set(itemId, items.has(itemId) ? undefined : item);
      }
      const node: Node = {
        id,
        body,
        input,
        previous: previous as Node | undefined,
        bytes: length * 2 + OVERHEAD,
        itemIds,
        expires: 0,
        users: 0,
      };
      const known = nodes.get(id);
      hold(node);
      if (known !== undefined) remove(known);
      touch(node);
      purge();
    },
    delete(id) {
      purge();
      const node = nodes.get(id);
      if (node !== undefined) remove(node);
      return node !== undefined;
    },
  };
}
