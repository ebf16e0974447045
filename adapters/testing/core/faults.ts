import type { Fault, FaultSpec, Wire } from "../types.ts";
import type { Failure } from "./turn.ts";

export interface FaultQueue {
  add(faults: FaultSpec | readonly FaultSpec[]): void;
  /** The next fault for this request, counted as used. */
  take(wire: Wire, model: string): Fault | undefined;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  const queue: { readonly spec: FaultSpec; left: number }[] = [];
  return {
    add(faults) {
      for (const spec of Array.isArray(faults) ? faults : [faults]) queue.push({ spec, left: spec.times ?? 1 });
    },
    take(wire, model) {
      const found = queue.find(({ spec, left }) => left > 0 && (spec.wire ?? wire) === wire && (spec.model ?? model) === model);
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.spec;
    },
    clear() {
      queue.length = 0;
    },
  };
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: "The request was not accepted.",
  401: "Invalid credentials.",
  402: "Your account has no credit left.",
  403: "You are not allowed to use this resource.",
  404: "The requested resource was not found.",
  408: "The request timed out.",
  409: "The resource was changed by another request.",
  413: "The request is too large.",
  422: "The request could not be processed.",
  429: "Rate limit reached. Please try again later.",
  500: "The server had an error while processing your request.",
  502: "Bad gateway.",
  503: "The service is temporarily unavailable.",
  504: "The request took too long.",
  529: "Overloaded",
};

/** The provider's refusal that a fault with a status stands for. */
export function faultFailure(fault: {
  readonly status?: number;
  readonly error?: Fault["error"];
  readonly retryAfter?: number;
  readonly headers?: Fault["headers"];
}): Failure {
  const status = fault.status ?? 500;
  const delay = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  const retryInfo =
    fault.retryAfter === undefined
      ? {}
      : { details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${fault.retryAfter}s` }] };
  const { error } = fault;
  return {
    status,
    message: error?.message ?? MESSAGES[status] ?? `The request failed with status ${status}.`,
    ...(error?.type === undefined ? {} : { type: error.type }),
    ...(error?.code === undefined ? {} : { code: error.code }),
    ...(error?.param === undefined ? {} : { param: error.param }),
    ...retryInfo,
    headers: { ...delay, ...fault.headers },
  };
}
