import type { ResponseStore } from "./endpoints/response-store.ts";
import type { HealthMemory } from "./router/monitor.ts";
import type { Store } from "./spend/store.ts";

/** What a layer remembers in this process, and the layer that follows it goes on with. Each is made when it is first needed. */
export interface Memory {
  /** Signs opaque state. */
  secret?: string;
  responses?: ResponseStore;
  health?: HealthMemory;
  store?: Store;
}
