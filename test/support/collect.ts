import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage until something has come of it, at most so often. */
export async function untilCollected(isDone: () => boolean, turns = 100): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < turns && !isDone(); turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
