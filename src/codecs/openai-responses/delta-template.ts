/** What lies between the literal parts of a frame: a number, a string that does not matter, or the text of the delta. */
const HOLES = /"(?:(delta)|(obfuscation))":"[^"\\]*(?=")|"sequence_number":\d+/g;

/** Frames in a row that a template did not fit before it is given up for good: a proxy may change every frame. */
const PATIENCE = 16;

interface Template {
  /** The literal text before each hole, its opening quote included, and what closes the frame. */
  readonly literals: readonly string[];
  readonly kinds: readonly ("digits" | "string" | "delta")[];
}

/** Reads the text of a delta without parsing its frame, when all else in the frame is as in one before. */
export interface DeltaReader {
  /** `undefined` when the frame must be parsed. */
  read(frame: string): string | undefined;
  /** Takes a parsed delta frame as the pattern for those to come. */
  learn(frame: string): void;
}

export function createDeltaReader(): DeltaReader {
  let template: Template | undefined;
  let misses = 0;
  return {
    read(frame) {
      if (template === undefined) return undefined;
      const { literals, kinds } = template;
      let at = 0;
      let text: string | undefined;
      for (let hole = 0; hole < kinds.length; hole++) {
        const literal = literals[hole]!;
        const from = at + literal.length;
        // Comparing a slice is several times as fast as `startsWith` at a position.
        if (frame.slice(at, from) !== literal) return undefined;
        at = from;
        if (kinds[hole] === "digits") {
          for (let code = frame.charCodeAt(at); code >= 48 && code <= 57; code = frame.charCodeAt(++at));
          if (at === from) return undefined;
          continue;
        }
        at = frame.indexOf('"', from);
        if (at < 0) return undefined;
        const value = frame.slice(from, at);
        if (value.includes("\\")) return undefined;
        if (kinds[hole] === "delta") text = value;
      }
      if (frame.slice(at) !== literals[kinds.length]) return undefined;
      misses = 0;
      return text;
    },
    learn(frame) {
      if (misses > PATIENCE || frame.includes("\\")) return;
      misses++;
      const literals: string[] = [];
      const kinds: Template["kinds"][number][] = [];
      let at = 0;
      for (const match of frame.matchAll(HOLES)) {
        const [whole, delta, obfuscation] = match;
        const name = delta ?? obfuscation;
        const start = match.index + (name === undefined ? whole.indexOf(":") + 1 : name.length + 4);
        literals.push(frame.slice(at, start));
        kinds.push(delta ? "delta" : obfuscation ? "string" : "digits");
        at = match.index + whole.length;
      }
      template = kinds.filter((kind) => kind === "delta").length === 1 ? { literals: [...literals, frame.slice(at)], kinds } : undefined;
    },
  };
}
