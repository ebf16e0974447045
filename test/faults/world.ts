import { createCrosspoint, type Crosspoint, type CrosspointOptions, type SpendRow } from "crosspoint";
import { serve, type Gateway } from "crosspoint/gateway";
import type { Simulator } from "crosspoint/testing";
import { clock, createProvider } from "./provider.ts";

/** A provider that fails, one that stands in for it, a layer over both, and a gateway in front: all over real sockets. */
export interface World {
  readonly primary: Simulator;
  readonly backup: Simulator;
  readonly crosspoint: Crosspoint;
  readonly gateway: Gateway;
  readonly rows: readonly SpendRow[];
  close(): Promise<void>;
}

/** At most two retries, 30 s for an attempt, one fallback. */
export async function createWorld(options: CrosspointOptions = {}): Promise<World> {
  const [primary, backup] = [createProvider(), createProvider()];
  const servers = [await primary.listen(), await backup.listen()] as const;
  const rows: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    providers: {
      "openai-chat": primary.providers(servers[0].url)["openai-chat"],
      anthropic: backup.providers(servers[1].url).anthropic,
    },
    models: { main: { deployments: ["openai-chat/gpt-4.1"], fallbacks: ["backup"] }, backup: "anthropic/claude-opus-4-6" },
    retries: 2,
    timeout: 30_000,
    firstEventTimeout: 10_000,
    idleTimeout: 10_000,
    clock,
    onSpend: (row) => void rows.push(row),
    ...options,
  });
  const gateway = await serve({ crosspoint, port: 0 });
  return {
    primary,
    backup,
    crosspoint,
    gateway,
    rows,
    async close() {
      await crosspoint.close();
      await gateway.close(0);
      for (const server of servers) await server.close();
    },
  };
}
