import { watch, type FSWatcher } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";

/** Sees when files change, however they are written: folders are watched, because editors put a new file in the place of the old. */
export interface FileWatch {
  /** Watches these from now on, beside those that it watches already. */
  follow(files: readonly string[]): Promise<void>;
  close(): void;
}

/** Calls `onChange` when nothing has happened in the folders for a while, whether the files themselves have changed or not. */
export function createFileWatch(onChange: () => void, onError: (error: Error) => void, quietMs = 100): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs).unref();
  };
  const follow = (folder: string): void => {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, wait);
      watcher.on("error", (error) => {
        watcher.close();
        watchers.delete(folder);
        onError(error);
      });
      watchers.set(folder, watcher);
    } catch (error) {
      onError(error as Error);
    }
  };
  return {
    async follow(files) {
      for (const file of files) {
        follow(dirname(file));
        // What a link leads to may be written elsewhere.
        const real = await realpath(file).catch(() => file);
        follow(dirname(real));
      }
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
