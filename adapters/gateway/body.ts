import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { CrosspointError } from "crosspoint";

/** What a client may have packed its body with. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The body as text, unpacked. Of one that is too large just enough is kept for the layer to refuse it in the client's own wire. Throws BAD_REQUEST for
 * one that cannot be unpacked.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return collect(request, maxBytes, maxBytes * 2 + 1_048_576);
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]!() : undefined;
  if (decoder === undefined) {
    throw new CrosspointError(
      "BAD_REQUEST",
      `the body is packed with an unknown encoding; there are: ${Object.keys(DECODERS).join(", ")}`,
      {
        status: 415,
      },
    );
  }
  // What fails after it was read enough of has no one else who hears of it.
  decoder.on("error", () => {});
  request.on("error", (error) => decoder.destroy(error));
  request.on("close", () => {
    if (!request.complete) decoder.destroy(new Error("the client left"));
  });
  try {
    // Nothing beyond the limit is unpacked, however small it came.
    return await collect(request.pipe(decoder), maxBytes, maxBytes);
  } catch (cause) {
    if (!request.complete) throw cause;
    throw new CrosspointError("BAD_REQUEST", `the body cannot be unpacked as ${encoding}, which its content-encoding says`, { cause });
  } finally {
    request.unpipe(decoder);
    decoder.destroy();
    request.resume();
  }
}

/** Reads on up to `giveUp` bytes, and keeps no more than a chunk above `maxBytes`. */
async function collect(source: AsyncIterable<Buffer>, maxBytes: number, giveUp: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    if (size <= maxBytes) chunks.push(chunk);
    size += chunk.length;
    if (size > giveUp) break; // a sender that does not stop is cut off
  }
  return Buffer.concat(chunks).toString("utf8");
}
