import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** What texts hold, in short. `undefined` while one is empty or away, as a file is while it is written. */
export function fingerprintOf(texts: readonly string[]): string | undefined {
  const hash = createHash("sha256");
  for (const text of texts) {
    if (text.trim() === "") return undefined;
    hash.update(`${text.length} ${text}`);
  }
  return hash.digest("hex");
}

/** The same of files as they are now. */
export async function fingerprintOfFiles(files: readonly string[]): Promise<string | undefined> {
  return fingerprintOf(await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => ""))));
}
