/** Maps texts into an alphabet and a length, the same text always in the same way, and never two to one. */
export interface Renamer {
  /** A text of its own for every call of this function. */
  readonly claim: (text: string) => string;
  /** The one text that stands for `text` within `scope`; without a scope, the first that was asked for. */
  readonly of: (text: string, scope?: string) => string;
  readonly fits: (text: string) => boolean;
  /** The originals of the texts that were changed. */
  readonly originals: ReadonlyMap<string, string>;
}

/** `limit` bounds the texts that must change; what `fits` already stays as it is. */
export function createRenamer(pattern: RegExp, limit: number): Renamer {
  const taken = new Set<string>();
  const known = new Map<string, string>();
  const originals = new Map<string, string>();
  const fits = (text: string): boolean => pattern.test(text);
  const claim = (text: string): string => {
    let name = text;
    if (taken.has(name) || !fits(name)) {
      const clean = (text || "call").replace(/[^\w-]/g, "_").replace(/^[^a-z_]/i, "_$&");
      name = clean.slice(0, limit);
      for (let salt = 0; taken.has(name) || name !== clean || !pattern.test(name); salt += 1) {
        name = clean.slice(0, limit - 9) + hash(text, salt);
        if (!taken.has(name)) break;
      }
      originals.set(name, text);
    }
    taken.add(name);
    return name;
  };
  return {
    claim,
    fits,
    originals,
    of(text, scope) {
      const key = scope === undefined ? text : `${scope}\0${text}`;
      let name = known.get(key);
      if (name === undefined) known.set(key, (name = claim(text)));
      if (scope !== undefined && !known.has(text)) known.set(text, name);
      return name;
    },
  };
}

/** Nine letters and digits (FNV-1a, seeded). */
function hash(text: string, salt: number): string {
  let value = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return (value >>> 0).toString(36).padStart(9, "x");
}
