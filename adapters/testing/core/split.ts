/** Cuts text into stream deltas: one per word, a number of equal ones, or the given lengths in code points. */
export function splitText(text: string, chunks?: number | readonly number[]): readonly string[] {
  if (text === "") return [];
  if (chunks === undefined) return text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [text];
  const points = Array.from(text);
  const sizes =
    typeof chunks === "number" ? Array.from({ length: Math.max(1, chunks) }, (_, index) => share(points.length, chunks, index)) : chunks;
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(points.slice(at, at + size).join(""));
    at += size;
  }
  if (at < points.length) pieces.push(points.slice(at).join(""));
  return pieces.filter((piece) => piece !== "");
}

function share(total: number, parts: number, index: number): number {
  const count = Math.max(1, parts);
  return Math.floor(((index + 1) * total) / count) - Math.floor((index * total) / count);
}

const ARGUMENT_CHARACTERS = 12;

/** Cuts tool-call arguments as they are streamed. */
export function splitArguments(source: string): readonly string[] {
  return splitText(source, Math.max(1, Math.ceil(source.length / ARGUMENT_CHARACTERS)));
}
