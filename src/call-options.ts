import type { ModelRequest, UnsupportedPolicy } from "./ir/index.ts";
import type { RoutingCallOptions } from "./router/options.ts";
import type { Attribution } from "./spend/attribution.ts";
import type { WireEvent } from "./transport/transport.ts";

/** What a single call may set besides the request itself. */
export interface CallOptions extends RoutingCallOptions {
  readonly attribution?: Attribution;
  /** Aborts the call; an open stream is closed. */
  readonly signal?: AbortSignal;
  /** Further HTTP headers for the provider; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Replaces the provider's key for this call. */
  readonly apiKey?: string;
  readonly retries?: number;
  readonly deadline?: number;
  readonly timeout?: number;
  readonly firstEventTimeout?: number;
  readonly idleTimeout?: number;
  readonly minTokensPerSecond?: number;
  readonly unsupported?: UnsupportedPolicy;
  /** Hears what travels; must not throw. */
  readonly onWire?: (event: WireEvent) => void;
}

/** A request with the options of its call. */
export type CallRequest = ModelRequest & CallOptions;
