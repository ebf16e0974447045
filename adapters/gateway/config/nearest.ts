/** The names that a misspelt one may mean, nearest first, two at most. */
export function nearest(text: string, names: Iterable<string>): readonly string[] {
  const wanted = plain(text);
  const limit = Math.max(1, Math.ceil(wanted.length / 4));
  return [...names]
    .map((name) => [name, distance(wanted, plain(name))] as const)
    .filter(([name, away]) => away <= limit && name !== text)
    .sort((a, b) => a[1] - b[1])
    .slice(0, 2)
    .map(([name]) => name);
}

/** ` (did you mean "x"?)`, or nothing. */
export function hint(text: string, names: Iterable<string>): string {
  const near = nearest(text, names);
  return near.length === 0 ? "" : ` (did you mean ${near.map((name) => `"${name}"`).join(" or ")}?)`;
}

/** `masterKey`, `master_key` and `master-key` are one name. */
function plain(text: string): string {
  return text.slice(0, 100).toLowerCase().replace(/[_-]/g, "");
}

/** Changes of one character between two texts. */
function distance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    last = row;
  }
  return last[b.length]!;
}
