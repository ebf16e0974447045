/** Waiting that is judged at once. */
const WINDOW_MS = 10_000;
/** Longer silences are `idleTimeout`'s affair: a model may think unseen. */
const LONGEST_GAP_MS = 5_000;
const CHARACTERS_PER_TOKEN = 4;

/** Hears how long each chunk was waited for and how many characters it showed; false once the stream has been too slow for a whole window. */
export type Pace = (waitedMs: number, shown: number) => boolean;

export function createPace(minTokensPerSecond: number): Pace {
  let waited = 0;
  let written = 0;
  return (waitedMs, shown) => {
    waited += Math.min(waitedMs, LONGEST_GAP_MS);
    written += shown;
    if (waited < WINDOW_MS) return true;
    const isFastEnough = (written / CHARACTERS_PER_TOKEN / waited) * 1_000 >= minTokensPerSecond;
    waited = 0;
    written = 0;
    return isFastEnough;
  };
}
