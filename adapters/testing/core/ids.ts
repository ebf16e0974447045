import { createHash } from "node:crypto";

/** Deterministic ids in a provider's style: a prefix and random-looking letters and digits. */
export type NewId = (prefix: string, length?: number) => string;

export function createIds(seed: string): NewId {
  let count = 0;
  return (prefix, length = 24) => {
    count += 1;
    const digest = createHash("sha512")
      .update(`${seed}:${count}`)
      .digest("base64")
      .replaceAll(/[^a-zA-Z0-9]/g, "");
    return prefix + digest.slice(0, length);
  };
}
