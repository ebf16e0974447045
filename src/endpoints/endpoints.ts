import type { Envelopes } from "../codecs/envelope.ts";
import type { Crosspoint, OpenCallFunction } from "../layer.ts";
import type { ForwardField } from "../options.ts";
import type { Clock } from "../transport/clock.ts";
import type { ResponseStore } from "./response-store.ts";

/** What the endpoints stand on. */
export interface Endpoints {
  readonly crosspoint: Omit<Crosspoint, "fetch" | "answer">;
  readonly openCall: OpenCallFunction;
  readonly envelopes: Envelopes;
  /** Absent when no responses are kept. */
  readonly responses: ResponseStore | undefined;
  readonly newId: (prefix: string) => string;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
  readonly forward: readonly ForwardField[];
}
