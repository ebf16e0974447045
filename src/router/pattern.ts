/**
 * What each `*` of a pattern stands for in a name, in their order; `undefined` where the name is another. The first takes as much as it can. Takes no longer than the
 * name is long, whatever the name is.
 */
export function metBy(pattern: string, name: string): readonly string[] | undefined {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined || name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return undefined;
  const met: string[] = [];
  let end = name.length - tail.length;
  // From behind, each part as late as it can be.
  for (const part of parts.toReversed()) {
    const at = end - part.length < head.length ? -1 : name.lastIndexOf(part, end - part.length);
    if (at < head.length) return undefined;
    met.unshift(name.slice(at + part.length, end));
    end = at;
  }
  return [name.slice(head.length, end), ...met];
}

/** A text with what the `*`s of a pattern met in place of its own: of one all, of several each its own, and the last for those that are left. */
export function fillIn(text: string, met: readonly string[]): string {
  let index = 0;
  return text.replaceAll("*", () => met[Math.min(index++, met.length - 1)]!);
}

/** How much of a pattern says what a name must be: the more, the closer it fits. */
export function literals(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}
