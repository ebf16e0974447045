/** A thing to be timed; it does its work once. */
export type Subject = () => Promise<unknown>;

export interface Figure {
  readonly name: string;
  /** Microseconds of CPU for one run, or one unit of it: the median over the rounds. */
  readonly us: number;
  /** Against the floor of the same round: the median over the rounds. */
  readonly ratio: number;
  /** What it takes beyond the floor of the same round, in microseconds: the median over the rounds. */
  readonly added: number;
}

export interface Plan {
  /** By name; the first one is the floor. */
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly rounds: number;
  /** Milliseconds that one subject runs in one round. Short turns, so that a disturbance spoils one turn and not a subject. */
  readonly turnMs: number;
  /** Units in one run, such as chunks. Default 1. */
  readonly units?: number;
}

/**
 * Times all subjects within one process, turn by turn in an order that is shuffled every round, after a warm-up. What disturbs the machine
 * meets them all alike, so the ratios mean something even where the times do not.
 */
export async function measure({ subjects, rounds, turnMs, units = 1 }: Plan): Promise<readonly Figure[]> {
  const entries = Object.entries(subjects);
  const runs = new Map<string, number>();
  for (const [name, subject] of entries) {
    const once = await timeOf(subject, warmUpRuns(await timeOf(subject, 3)));
    runs.set(name, Math.max(1, Math.ceil((turnMs * 1000) / once)));
  }
  const times = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of shuffled(entries)) times.get(name)!.push((await timeOf(subject, runs.get(name)!)) / units);
  }
  const floor = times.get(entries[0]![0])!;
  return entries.map(([name]) => {
    const own = times.get(name)!;
    const against = (compare: (time: number, floor: number) => number): number =>
      median(own.map((time, round) => compare(time, floor[round]!)));
    return { name, us: median(own), ratio: against((time, base) => time / base), added: against((time, base) => time - base) };
  });
}

/** Enough to have the code compiled by the best compiler, within two seconds or so. */
function warmUpRuns(us: number): number {
  return Math.max(50, Math.min(10_000, Math.ceil(1_500_000 / us)));
}

/** Microseconds of CPU for one run, all threads of the process together: unlike the clock on the wall, it does not count other processes. */
async function timeOf(subject: Subject, count: number): Promise<number> {
  const start = process.cpuUsage();
  for (let run = 0; run < count; run++) await subject();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
