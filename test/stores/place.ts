import type { Store } from "crosspoint";
import { postgresStore } from "crosspoint/postgres";
import { redisStore } from "crosspoint/redis";
import { sqliteStore } from "crosspoint/sqlite";

/** Where the processes of a test meet. */
export type Place =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "redis"; readonly url: string; readonly prefix: string };

export interface Job {
  readonly place: Place;
  readonly name: string;
  readonly now: number;
  readonly limit: number;
  /** Takes one hold of this amount and never ends it. */
  readonly hold?: number;
}

export interface Report {
  readonly spent: number;
  readonly granted: number;
  readonly refused: number;
}

export const BUDGET = "budget/everyone";
export const LEASE = 60_000;
export function openStore(place: Place): Store {
  switch (place.kind) {
    case "sqlite":
      return sqliteStore(place);
    case "postgres":
      return postgresStore({ ...place, maxConnections: 8 });
    case "redis":
      return redisStore(place);
    default:
      return place satisfies never;
  }
}
