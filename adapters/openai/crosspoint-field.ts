import type { CostItem, Warning } from "crosspoint";

/** Where an answer came from and what it cost: its `crosspoint` field. */
export interface CrosspointInfo {
  readonly callId: string;
  readonly provider: string;
  readonly deployment: string;
  /** The model in the provider's own words. */
  readonly model: string;
  /** Tries, the successful one included. */
  readonly attempts: number;
  /** US dollars; absent when a price is unknown. */
  readonly cost?: number;
  readonly costItems?: readonly CostItem[];
  /** What was changed or dropped on the way. */
  readonly warnings?: readonly Warning[];
}

/**
 * The `crosspoint` field of an answer: of a chat completion, a response, the last chunk or the last event of their streams. `undefined` for
 * everything else.
 */
export function crosspointOf(answer: object | undefined): CrosspointInfo | undefined {
  if (answer === undefined) return undefined;
  const { crosspoint, response } = answer as {
    readonly crosspoint?: CrosspointInfo;
    readonly response?: { readonly crosspoint?: CrosspointInfo };
  };
  return crosspoint ?? response?.crosspoint;
}
