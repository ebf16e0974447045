const LF = 10;
const CR = 13;

/** Where the last whole frame of server-sent events ends, if it does at `from` or later; else 0. */
function endOfFrames(bytes: Uint8Array, from: number): number {
  for (let at = bytes.length - 1; at >= from && at > 0; at -= 1) {
    if (bytes[at] === LF && (bytes[at - 1] === LF || (bytes[at - 1] === CR && bytes[at - 2] === LF))) return at + 1;
  }
  return 0;
}

/**
 * Passes whole frames on and keeps the beginning of the next back, so that a failure in the middle of a frame can be told in a frame of its own.
 * Without a chunk it gives what is left.
 */
export function createFrameGate(): (chunk: Uint8Array | undefined) => Uint8Array | undefined {
  let held: Uint8Array | undefined;
  return function pass(chunk) {
    let bytes = chunk ?? held;
    if (bytes === undefined) return undefined;
    if (chunk === undefined) held = undefined;
    else {
      const from = held?.length ?? 0;
      if (held !== undefined) {
        bytes = new Uint8Array(held.length + chunk.length);
        bytes.set(held);
        bytes.set(chunk, held.length);
        held = undefined;
      }
      const end = endOfFrames(bytes, from);
      if (end < bytes.length) {
        held = bytes.subarray(end);
        bytes = bytes.subarray(0, end);
      }
    }
    return bytes;
  };
}
