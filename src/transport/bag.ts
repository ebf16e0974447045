/** What is in a bag knows its place there; below 0: in none. */
export interface Member {
  at: number;
}

/**
 * What is open at the moment, in no order. For what comes and goes with every call: a `Set` that fills and empties makes a new table each
 * time, which costs several times as much.
 */
export type Bag<T extends Member> = T[];

export function put<T extends Member>(bag: Bag<T>, member: T): void {
  member.at = bag.length;
  bag.push(member);
}

/** Takes a member out; false when it was not in. */
export function take<T extends Member>(bag: Bag<T>, member: T): boolean {
  const { at } = member;
  if (at < 0) return false;
  const last = bag.pop()!;
  if (last !== member) {
    bag[at] = last;
    last.at = at;
  }
  member.at = -1;
  return true;
}
