import { CrosspointError } from "../ir/error.ts";
import { put, take, type Bag, type Member } from "../transport/bag.ts";
import type { Watch } from "./watch.ts";

/** What ends every exchange of a layer when it is closed. Each is in a bag: listeners on one shared signal cost ten times as much. */
export interface Closing {
  readonly signal: AbortSignal;
  readonly open: Bag<Exchange>;
}

/** What the bounds of an exchange stand on. */
export interface Bounds {
  readonly watch: Watch;
  readonly closing: Closing;
}

/** The bounds of one HTTP exchange: one abort signal for the caller, the clock and the reader. */
export interface Exchange extends Member {
  readonly signal: AbortSignal;
  /** Starts the timer that ends the exchange, instead of the one before. */
  arm(ms: number | undefined, option: string): void;
  /** Ends the exchange because the provider let its time pass. */
  expire(ms: number, option: string): void;
  disarm(): void;
  /** Ends the exchange: its reader left, or the layer is closed. */
  abort(reason?: unknown): void;
  /** Hears that the layer is closed: there may be nobody who reads, and so would find out. */
  onClosed?: () => void;
  /** What a rejection that happened meanwhile means: the caller's abort, a timeout, or `otherwise`. */
  explain(error: unknown, otherwise: "CONNECTION" | "STREAM_INTERRUPTED"): CrosspointError;
  /** Releases the timer and the caller's signal. */
  release(): void;
}

export interface ExchangeOwner {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
}

/** Opens the bounds of one exchange with a provider. */
export function openExchange({ watch, closing }: Bounds, caller: AbortSignal | undefined, owner: ExchangeOwner): Exchange {
  const controller = new AbortController();
  let stopTimer: (() => void) | undefined;
  let timedOut: string | undefined;
  let onCallerAbort: (() => void) | undefined;
  if (caller !== undefined) {
    if (caller.aborted) controller.abort(caller.reason);
    else caller.addEventListener("abort", (onCallerAbort = () => controller.abort(caller.reason)), { once: true });
  }
  const disarm = (): void => {
    stopTimer?.();
    stopTimer = undefined;
  };
  const expire = (ms: number, option: string): void => {
    // It was given up before, and nobody has noticed yet.
    if (controller.signal.aborted) return;
    const what = option === "idleTimeout" ? "was silent for" : "did not answer within";
    timedOut = `${owner.deployment} ${what} ${Math.max(0, Math.round(ms))} ms (option ${option})`;
    controller.abort(new DOMException(timedOut, "TimeoutError"));
  };
  const exchange: Exchange = {
    at: -1,
    signal: controller.signal,
    arm(ms, option) {
      disarm();
      if (ms !== undefined && ms !== Infinity) stopTimer = watch.after(Math.max(0, ms), () => expire(ms, option));
    },
    expire,
    disarm,
    abort: (reason) => controller.abort(reason),
    explain(error, otherwise) {
      if (timedOut !== undefined) return new CrosspointError("TIMEOUT", timedOut, { ...owner, cause: controller.signal.reason });
      const ended = caller?.aborted === true ? caller : closing.signal;
      if (ended.aborted) return aborted(ended);
      if (CrosspointError.is(error)) return error;
      const message = reasonOf(error);
      const what = otherwise === "CONNECTION" ? "could not be reached" : "broke off its stream";
      return new CrosspointError(otherwise, `${owner.deployment} ${what}: ${message}`, { ...owner, cause: error });
    },
    release() {
      disarm();
      take(closing.open, exchange);
      if (onCallerAbort !== undefined) caller!.removeEventListener("abort", onCallerAbort);
    },
  };
  put(closing.open, exchange);
  return exchange;
}

/** Whether a bound of ours was met; a provider may tell of a timeout of its own. */
export function isOverdue({ code, cause }: CrosspointError): boolean {
  return code === "TIMEOUT" && cause instanceof DOMException && cause.name === "TimeoutError";
}

/** The error of a call that its caller gave up. */
export function aborted(signal: AbortSignal): CrosspointError {
  return new CrosspointError("ABORTED", "the call was aborted by its caller", { cause: signal.reason });
}

/** The innermost message: `fetch failed` tells nothing, its cause does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? `${error.message}: ${cause.message}` : error.message;
}

/** A body as JSON, or as the text that it is. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The error of an answer that no codec can read: a redirect, an empty body, a page. */
export function unreadable(status: number, body: unknown, { deployment }: Pick<ExchangeOwner, "deployment">): CrosspointError | undefined {
  let what: string | undefined;
  if (status >= 300 && status < 400) what = `with a redirect (${status}), which is not followed: check baseURL`;
  else if (status < 300 && typeof body === "string") {
    const page = /^\s*<(!doctype|html)/i.test(body) ? ": check baseURL" : "";
    what = body === "" ? "with an empty body" : `with something that is not JSON${page}: ${body.slice(0, 200)}`;
  }
  return what === undefined ? undefined : new CrosspointError("BAD_RESPONSE", `${deployment} answered ${what}`);
}
