/** The literal text around the words of a delta frame, for frames after it that differ in nothing else. */
export interface Template {
  readonly prefix: string;
  readonly suffix: string;
  readonly type: "text-delta" | "reasoning-delta";
  readonly id: string;
}

/** Where the words stand in the frame, provided that they are the value that closes it. */
export function templateOf(
  data: string,
  { type, id, text: words }: { type: Template["type"]; id: string; text: string },
): Template | undefined {
  const literal = JSON.stringify(words);
  const at = data.lastIndexOf(literal);
  const suffix = data.slice(at + literal.length - 1);
  const prefix = data.slice(0, at + 1);
  return at >= 0 && /^"[\s}]+$/.test(suffix) && /"(text|thinking)"\s*:\s*"$/.test(prefix) ? { prefix, suffix, type, id } : undefined;
}

/** The words of a frame that fits the template and needs no unescaping; anything else has to be parsed. */
export function wordsOf(data: string, { prefix, suffix }: Template): string | undefined {
  const from = prefix.length;
  const to = data.length - suffix.length;
  // Comparing slices stays fast where `startsWith` does not.
  return to > from &&
    data.indexOf('"', from) === to &&
    data.slice(0, from) === prefix &&
    data.slice(to) === suffix &&
    data.indexOf("\\", from) < 0
    ? data.slice(from, to)
    : undefined;
}
