import { frames } from "./conversation.ts";

/** Pieces of text in a streamed answer. */
export const PIECES = 200;

/** A network whose bodies bring `perChunk` frames in each chunk. */
export function createNetwork(perChunk: number): typeof globalThis.fetch {
  const all = frames(PIECES);
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < all.length; from += perChunk) chunks.push(encoder.encode(all.slice(from, from + perChunk).join("")));
  return () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (next < chunks.length) controller.enqueue(chunks[next++]!);
        else controller.close();
      },
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
}

/** Reads to the end and counts, so that nothing can be left out as unused. */
export async function drain(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of stream) count++;
  return count;
}
