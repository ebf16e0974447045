/** Milliseconds after which an average has lost two thirds of its weight. */
const DECAY_MS = 10_000;

/** A peak-sensitive moving average: a higher sample counts at once, lower ones bring it down with time, and so does silence. */
export interface MovingAverage {
  value: number;
  /** When the last sample came; 0 before the first. */
  at: number;
}

export function createAverage(): MovingAverage {
  return { value: 0, at: 0 };
}

export function addSample(average: MovingAverage, sample: number, now: number): void {
  const kept = average.at === 0 ? 0 : Math.exp((average.at - now) / DECAY_MS);
  average.value = sample > average.value ? sample : average.value * kept + sample * (1 - kept);
  average.at = now;
}

/** The average as it counts now: a bad time that lies back is forgiven, so that who had it is tried again. */
export function readAverage({ value, at }: MovingAverage, now: number): number {
  return at === 0 ? 0 : value * Math.exp((at - now) / DECAY_MS);
}
