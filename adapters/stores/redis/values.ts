import type { Store } from "crosspoint";
import type { Redis } from "./connect.ts";
import { SET_ONCE } from "./scripts.ts";

/** How much longer than asked the server keeps a value, milliseconds: its clock runs beside the caller's, who alone says what is over. */
const GRACE = 60_000;

/** Shared state: a text with its end (a number or nothing) and a line break before it. */
export function createValues({ prefix, send, run }: Redis): Pick<Store, "get" | "getMany" | "set" | "delete"> {
  const keyOf = (key: string): string => `${prefix}value:${key}`;
  return {
    get: async (key, now) => valueOf((await send(["GET", keyOf(key)])) as string | null, now),
    async getMany(keys, now) {
      if (keys.length === 0) return [];
      return ((await send(["MGET", ...keys.map(keyOf)])) as readonly (string | null)[]).map((found) => valueOf(found, now));
    },
    async set(key, value, { expiresAt, ifAbsent = false }, now) {
      const kept = expiresAt === undefined ? "" : String(Math.max(0, Math.ceil(expiresAt - now)) + GRACE);
      const text = `${expiresAt === undefined ? "" : Math.ceil(expiresAt)}\n${value}`;
      if (ifAbsent) return (await run(SET_ONCE, [String(now), key, text, kept])) === 1;
      await send(["SET", keyOf(key), text, ...(kept === "" ? [] : ["PX", kept])]);
      return true;
    },
    async delete(key) {
      await send(["DEL", keyOf(key)]);
    },
  };
}

/** The text, unless there is none or its end has come. */
function valueOf(found: string | null, now: number): string | undefined {
  if (found === null) return undefined;
  const line = found.indexOf("\n");
  return line > 0 && Number(found.slice(0, line)) <= now ? undefined : found.slice(line + 1);
}
