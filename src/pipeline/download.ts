import { CrosspointError } from "../ir/error.ts";
import type { Clock } from "../transport/clock.ts";
import type { Transport } from "../transport/transport.ts";

const TIMEOUT = 30_000;
const MAX_BYTES = 32 * 1024 * 1024;

interface Download {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly etag: string | undefined;
  readonly signal: AbortSignal;
}

/** The text behind a URL; `undefined` when it has not changed. */
export async function download(
  url: string,
  { transport, clock, etag, signal }: Download,
): Promise<{ readonly text: string; readonly etag: string | undefined } | undefined> {
  const late = new AbortController();
  const cancel = clock.after(TIMEOUT, () =>
    late.abort(new CrosspointError("TIMEOUT", `the price list took longer than ${TIMEOUT / 1_000} seconds`)),
  );
  const both = AbortSignal.any([signal, late.signal]);
  try {
    const headers = { accept: "application/json", ...(etag !== undefined && { "if-none-match": etag }) };
    const response = await within(transport({ method: "GET", url, headers, signal: both }), both);
    const body = response.bytes();
    if (response.status !== 200) {
      body.cancel();
      if (response.status === 304 && etag !== undefined) return undefined;
      throw new CrosspointError("BAD_RESPONSE", `the price list answers with status ${response.status}`, { status: response.status });
    }
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await within(body.read(), both).catch((error: unknown) => {
        body.cancel();
        throw error;
      });
      if (done) return { text: text + decoder.decode(), etag: response.headers.get("etag") ?? undefined };
      bytes += value?.length ?? 0;
      if (bytes > MAX_BYTES) {
        body.cancel();
        throw new CrosspointError("TOO_LARGE", `the price list has more than ${MAX_BYTES} bytes`);
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    throw both.aborted ? both.reason : error;
  } finally {
    cancel();
  }
}

/** The promise, or the signal's reason when it aborts first. */
function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
