/** What is repeated further back is not recognised, in characters. */
const REACH = 4_000;
/** Fewer characters than this may agree by chance. */
const LEAST = 8;

/** Where the text of another attempt joins what was shown. */
export interface Seam {
  /** What of the next text may be shown: nothing while it may still be a repetition. */
  push(text: string): string;
  /** What is left when no more text comes. */
  end(): string;
  /** Characters that were cut away. */
  readonly cut: number;
}

/**
 * Cuts from the head of a text what it repeats of the tail of what was shown: the longest beginning of it that is also an end of `shown`, to the letter,
 * and is white space alone, `LEAST` characters long, or all that was shown. With `blankOnly` only white space counts.
 */
export function createSeam(shown: string, blankOnly: boolean): Seam {
  const tail = blankOnly ? shown.slice(shown.trimEnd().length) : shown.slice(-REACH);
  let held = "";
  let cut: number | undefined;
  const decide = (): string => {
    const text = held;
    held = "";
    return text.slice((cut = overlap(tail, text)));
  };
  return {
    push(text) {
      if (cut !== undefined) return text;
      held += text;
      // As long as it stands somewhere before the end, it may go on to be the repetition of that end.
      const at = tail.indexOf(held);
      return at !== -1 && at + held.length < tail.length ? "" : decide();
    },
    end: () => (cut === undefined ? decide() : ""),
    get cut() {
      return cut ?? 0;
    },
  };
}

function overlap(tail: string, text: string): number {
  for (let length = Math.min(tail.length, text.length); length > 0; length--) {
    const head = text.slice(0, length);
    if (tail.endsWith(head) && (length >= LEAST || length === tail.length || head.trim() === "")) return length;
  }
  return 0;
}
