import { createMemoryCounters } from "./memory-counters.ts";
import { createMemoryLog } from "./memory-log.ts";
import type { SetOptions, Store } from "./store.ts";

/** Keeps everything in this process's memory: exact within the process, gone with it. The spend log holds its newest `maxEntries`. */
export function memoryStore(maxEntries = 10_000): Store {
  const values = new Map<string, { readonly value: string; readonly expiresAt: number }>();
  const read = (key: string, now: number): string | undefined => {
    const found = values.get(key);
    if (found === undefined || found.expiresAt > now) return found?.value;
    values.delete(key);
    return undefined;
  };
  return {
    ...createMemoryCounters(),
    ...createMemoryLog(maxEntries),
    get: read,
    getMany: (keys, now) => keys.map((key) => read(key, now)),
    set(key, value, { expiresAt = Infinity, ifAbsent = false }: SetOptions, now) {
      if (ifAbsent && read(key, now) !== undefined) return false;
      values.set(key, { value, expiresAt });
      return true;
    },
    delete: (key) => void values.delete(key),
    close: () => {},
  };
}
