import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, expect } from "vitest";
import { BUDGET, LEASE, openStore, type Job, type Place, type Report } from "./place.ts";
import { ask, onSharedStores, startWorker } from "./processes.ts";

const NOW = 1_700_000_000_000;
const LIMIT = 2_000;
const HELD = 300;

const spawn = (): ChildProcess => startWorker(new URL("./worker.ts", import.meta.url));
let workers: readonly ChildProcess[] = [];
beforeAll(() => {
  workers = Array.from({ length: 4 }, spawn);
});
afterAll(() => {
  for (const worker of workers) worker.kill("SIGKILL");
});

onSharedStores("processes share one budget", share);

/** Four processes of sixteen workers spend, while a fifth is killed with a reservation in its hand. */
async function share(place: Place): Promise<void> {
  const job: Job = { place, name: "", now: NOW, limit: LIMIT };
  const victim = spawn();
  const store = openStore(place);
  const stateAt = async (now: number) => (await store.counters([{ key: BUDGET, from: NOW }], now))[0]!;
  try {
    expect(await ask(victim, { ...job, name: "victim", hold: HELD })).toEqual({ granted: true });
    victim.kill("SIGKILL");
    let working = true;
    const worked = Promise.all(workers.map((worker, index) => ask(worker, { ...job, name: `p${index}` }) as Promise<Report>)).finally(() => (working = false)); // oxfmt-ignore
    let seen = 0;
    while (working) {
      const { used, reserved } = await stateAt(NOW);
      expect(used + reserved).toBeLessThanOrEqual(LIMIT);
      expect(used).toBeGreaterThanOrEqual(seen);
      seen = used;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const reports = await worked;
    const total = (field: keyof Report): number => reports.reduce((sum, report) => sum + report[field], 0);
    expect(total("refused")).toBeGreaterThan(0);
    expect(await stateAt(NOW)).toEqual({ used: total("spent"), reserved: HELD });
    const { items } = await store.sums({ limit: 1 });
    expect([items[0]?.calls, items[0]?.nanoUsd]).toEqual([total("granted"), BigInt(total("spent"))]);

    const rest = { key: BUDGET, bucket: NOW, from: NOW, amount: LIMIT - total("spent"), limit: LIMIT };
    const reserveAt = (now: number) => store.reserve({ id: `rest${now}`, expiresAt: now + LEASE }, [rest], now);
    expect(await reserveAt(NOW + LEASE - 1)).toMatchObject({ granted: false, reserved: HELD });
    expect(await reserveAt(NOW + LEASE)).toEqual({ granted: true });
  } finally {
    victim.kill("SIGKILL");
    await store.close();
  }
}
