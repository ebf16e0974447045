/** A number from 0 up to 1 that belongs to these numbers: whoever asks, in whatever order, gets the same. */
export function luck(...keys: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    hash = Math.imul(hash ^ Math.trunc(key), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 4_294_967_296;
}

/** One that is spread as the normal distribution, with mean 0 and deviation 1. */
export function normal(...keys: readonly number[]): number {
  const [a, b] = [luck(...keys, 1), luck(...keys, 2)];
  return Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);
}

/** One that is spread as the time between events that come by chance, with that mean. */
export function waiting(mean: number, ...keys: readonly number[]): number {
  return -mean * Math.log(1 - luck(...keys));
}
