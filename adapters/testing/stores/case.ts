import type { Store } from "crosspoint";

/** A store that is empty, and further connections to its data. */
export interface OpenedStore {
  readonly store: Store;
  /** A second connection to the same data; absent for a store that nobody shares. */
  readonly another?: () => Promise<Store>;
}

/** Opens an empty store; it is closed by the case. */
export type OpenStore = () => Promise<OpenedStore>;

/** One rule of the port. */
export interface StoreCase {
  readonly name: string;
  readonly run: (open: OpenStore) => Promise<void>;
}

/** The time at which the cases begin; it has nothing to do with the machine's clock. */
export const T = 1_700_000_000_000;

/** A case that uses one connection. */
export function single(name: string, body: (store: Store) => Promise<void>): StoreCase {
  return shared(name, (store) => body(store));
}

/** A case that uses two connections where there are two, otherwise the same one twice. */
export function shared(name: string, body: (store: Store, other: Store) => Promise<void>): StoreCase {
  return {
    name,
    async run(open) {
      const { store, another } = await open();
      const other = another === undefined ? store : await another();
      try {
        await body(store, other);
      } finally {
        if (other !== store) await other.close();
        await store.close();
      }
    },
  };
}
