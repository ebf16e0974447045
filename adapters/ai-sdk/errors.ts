import { CrosspointError } from "crosspoint";
import type { WireLog } from "./wire-log.ts";

const mark = (name: string): symbol => Symbol.for(name === "" ? "vercel.ai.error" : `vercel.ai.error.${name}`);

export interface Marking {
  readonly wire?: WireLog;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  readonly again?: boolean;
}

/**
 * Gives an error of the layer the marks by which the AI SDK knows its own: `APICallError.isInstance` and its kin are true of it, and it
 * stays a CrosspointError. `isRetryable` is false unless `again` says that the layer has not tried again itself.
 */
export function markError(error: unknown, { wire, signal, again = false }: Marking = {}): unknown {
  if (!CrosspointError.is(error) || Object.hasOwn(error, mark(""))) return error;
  if (error.code === "ABORTED") return abortReason(error, signal);
  const { code, status, retryAfter, requestId, providerCode, message, model, provider, param } = error;
  const define = (fields: Readonly<Record<string | symbol, unknown>>): void => {
    for (const key of Reflect.ownKeys(fields)) {
      Object.defineProperty(error, key, { value: fields[key], configurable: true, writable: true, enumerable: false });
    }
  };
  define({ [mark("")]: true });
  if (code === "MISSING_API_KEY") define({ [mark("AI_LoadAPIKeyError")]: true });
  else if (code === "MODEL_NOT_FOUND" && provider === undefined) {
    define({ [mark("AI_NoSuchModelError")]: true, modelId: model ?? "", modelType: "languageModel" });
  } else if (code === "UNSUPPORTED") define({ [mark("AI_UnsupportedFunctionalityError")]: true, functionality: param ?? message });
  else {
    define({
      [mark("AI_APICallError")]: true,
      url: wire?.url ?? "",
      requestBodyValues: wire?.request.body ?? {},
      statusCode: status,
      responseBody: wire?.text,
      responseHeaders: {
        ...wire?.headers,
        ...(retryAfter === undefined ? undefined : { "retry-after-ms": String(retryAfter) }),
        ...(requestId === undefined ? undefined : { "x-request-id": requestId }),
      },
      isRetryable: again && error.retryable,
      data: { error: { message, type: providerCode ?? code, code } },
    });
  }
  return error;
}

/** What an aborted call rejects with: the reason of the caller's signal, as `fetch` does, so that a timeout is known as one. */
function abortReason(error: CrosspointError, signal: AbortSignal | undefined): unknown {
  return signal?.aborted === true && signal.reason instanceof Error ? signal.reason : error;
}

/** The error for a kind of model that the layer has not. */
export function noSuchModel(modelId: string, modelType: string): CrosspointError {
  const error = new CrosspointError("MODEL_NOT_FOUND", `Crosspoint has no ${modelType} "${modelId}"`, { model: modelId });
  markError(error);
  return Object.assign(error, { modelType });
}
