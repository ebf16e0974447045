import { CrosspointError, type CallRequest, type Crosspoint, type ModelResponse, type StreamEvent } from "crosspoint";
import { toLangChainError } from "./errors.ts";
import type { Gate } from "./gate.ts";

/** A call that is ready to be made. */
export interface Call {
  readonly crosspoint: Crosspoint;
  readonly request: CallRequest;
  readonly gate: Gate | undefined;
}

/** Asks for the whole answer. */
export async function generate({ crosspoint, request, gate }: Call): Promise<ModelResponse> {
  const leave = await gate?.enter(request.signal);
  try {
    return await crosspoint.generate(request);
  } catch (error) {
    throw toLangChainError(error, request.retries);
  } finally {
    leave?.();
  }
}

/** Reads the answer as it comes; `onResponse` hears of the whole of it before the last batch was taken. */
export async function* readBatches(
  { crosspoint, request, gate }: Call,
  onResponse: (response: ModelResponse) => void,
): AsyncGenerator<readonly StreamEvent[]> {
  const leave = await gate?.enter(request.signal);
  try {
    const stream = crosspoint.stream(request);
    for await (const batch of stream.batches) {
      // What LangChain has been shown cannot be taken back.
      if (batch.some((event) => event.type === "response-restart")) {
        throw new CrosspointError("STREAM_INTERRUPTED", "the answer began anew after a part of it was shown", { retryable: false });
      }
      yield batch;
    }
    onResponse(await stream.response);
  } catch (error) {
    throw toLangChainError(error, request.retries);
  } finally {
    leave?.();
  }
}
