import { createCrosspoint, type Crosspoint, type CrosspointOptions, type Store } from "crosspoint";
import type { GatewayConfig } from "../config/config.ts";
import type { Served } from "../serve.ts";
import { openStore } from "./open-store.ts";

/** A layer that serves, and what it stands on. */
export interface Live {
  readonly crosspoint: Crosspoint;
  readonly served: Served;
  readonly models: readonly string[];
  readonly store: { readonly name: string; readonly open: Store } | undefined;
  /** Closes the layer; the store too unless `next` goes on with it. */
  close(next?: Live): Promise<void>;
}

type ServedConfig = Pick<GatewayConfig, "options" | "masterKey" | "store">;

/** Makes the layer of a config. It goes on with the memory and the store of the one `before`. */
export async function createLive(
  { options, masterKey, store: name }: ServedConfig,
  complete: (options: CrosspointOptions) => CrosspointOptions,
  before?: Live,
): Promise<Live> {
  const kept = before?.store?.name === name ? before?.store : undefined;
  const store = name === undefined ? undefined : (kept ?? { name, open: await openStore(name, "serve") });
  const all = complete(options);
  try {
    const crosspoint = createCrosspoint({
      ...all,
      ...(store !== undefined && { store: lasting(store.open) }),
      ...(before !== undefined && { continues: before.crosspoint }),
    });
    return {
      crosspoint,
      models: Object.keys(all.models ?? {}).filter((each) => all.hidden?.includes(each) !== true),
      store,
      served: {
        crosspoint,
        ...(masterKey !== undefined && { masterKey }),
        ...(all.maxBodyBytes !== undefined && { maxBodyBytes: all.maxBodyBytes }),
      },
      async close(next) {
        await crosspoint.close();
        if (store !== undefined && next?.store?.open !== store.open) await store.open.close();
      },
    };
  } catch (error) {
    if (store !== undefined && store !== kept) await store.open.close();
    throw error;
  }
}

/** The store, which a layer that is closed leaves open for the next one. */
function lasting(store: Store): Store {
  return { ...store, close: () => {} };
}
