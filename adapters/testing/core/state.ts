import type { SimulatorOptions } from "../types.ts";
import type { FaultQueue } from "./faults.ts";
import type { NewId } from "./ids.ts";
import type { ScriptQueue } from "./scripts.ts";
import type { Signer } from "./signing.ts";
import type { BodyEvent } from "./stream.ts";
import type { StoredResponse } from "./turn.ts";
import type { PromptCache } from "./usage.ts";

/** A request as it came in. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What happens to a request: a wait, then a broken connection or an answer. */
export interface Outcome {
  readonly delayMs: number;
  readonly reply:
    | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Iterable<BodyEvent> }
    | "reset";
}

/** What the simulated providers remember. */
export interface ProviderState {
  readonly options: SimulatorOptions;
  readonly scripts: ScriptQueue;
  readonly faults: FaultQueue;
  readonly cache: PromptCache;
  readonly stored: Map<string, StoredResponse>;
  readonly signer: Signer;
  readonly newId: NewId;
  readonly clock: () => number;
}
