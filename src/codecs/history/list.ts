/** The items as `repair` returns them, without those it leaves out; the same array when nothing changes. */
export function mapKept<T>(source: readonly T[], repair: (item: T, index: number) => T | undefined): readonly T[] {
  let copy: T[] | undefined;
  for (let index = 0; index < source.length; index += 1) {
    const item = source[index]!;
    const kept = repair(item, index);
    if (kept !== item) copy ??= source.slice(0, index);
    if (kept !== undefined) copy?.push(kept);
  }
  return copy ?? source;
}

/** A list under construction that stays `source` itself for as long as the same items come in the same order. */
export interface Draft<T> {
  readonly push: (item: T) => void;
  readonly size: number;
  result(): readonly T[];
}

export function createDraft<T>(source: readonly T[]): Draft<T> {
  let same = 0;
  let copy: T[] | undefined;
  return {
    push(item) {
      if (copy === undefined && source[same] === item) same += 1;
      else (copy ??= source.slice(0, same)).push(item);
    },
    get size() {
      return copy?.length ?? same;
    },
    result: () => copy ?? (same === source.length ? source : source.slice(0, same)),
  };
}
