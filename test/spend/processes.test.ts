import type { ChildProcess } from "node:child_process";
import { createSimulator } from "crosspoint/testing";
import { afterAll, beforeAll, expect } from "vitest";
import { LEASE, type Place } from "../stores/place.ts";
import { ask, onSharedStores, startWorker } from "../stores/processes.ts";
import { createLayer, LIMIT, requestOf, WORKERS, type SpendJob, type SpendResult } from "./spending-layer.ts";

const spawn = (): ChildProcess => startWorker(new URL("./spender.ts", import.meta.url));
let workers: readonly ChildProcess[] = [];
beforeAll(() => {
  workers = Array.from({ length: 4 }, spawn);
});
afterAll(() => {
  for (const worker of workers) worker.kill("SIGKILL");
});

onSharedStores("64 workers in 4 processes spend one budget of their layers, and a fifth process is killed", spendTogether);

const nano = (usd: number): number => Math.round(usd * 1e9);

async function spendTogether(place: Place): Promise<void> {
  const simulator = createSimulator();
  const layerAt = (later: number) => createLayer(place, { fetch: simulator.fetch, providers: simulator.providers(), later });
  const [observer, justBefore, after] = [layerAt(0), layerAt(LEASE - 1), layerAt(LEASE)];
  const stateOf = async (layer: typeof observer): Promise<{ used: number; reserved: number }> => {
    const { used, reserved } = (await layer.budgets())[0]!;
    return { used: nano(used), reserved: nano(reserved) };
  };
  const victim = spawn();
  try {
    const job: SpendJob = { place, team: "victim", hang: true };
    expect(await ask(victim, job)).toMatchObject({ calls: WORKERS });
    victim.kill("SIGKILL");
    const { reserved: held } = await stateOf(observer);
    const worst = held / WORKERS;
    expect(worst).toBeGreaterThan(100_000);

    let working = true;
    const worked = Promise.all(workers.map((worker, index) => ask(worker, { ...job, team: `p${index}`, hang: false }) as Promise<SpendResult>)).finally(() => (working = false)); // oxfmt-ignore
    let seen = 0;
    while (working) {
      const { used, reserved } = await stateOf(observer);
      expect(used + reserved).toBeLessThanOrEqual(nano(LIMIT));
      expect(used).toBeGreaterThanOrEqual(seen);
      seen = used;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const results = await worked;
    const total = (field: "calls" | "answered" | "refused" | "nanoUsd"): number => results.reduce((sum, each) => sum + each[field], 0);
    expect([...new Set(results.flatMap(({ failed }) => Object.keys(failed)))]).toEqual(["BAD_REQUEST"]);
    expect(total("answered")).toBeGreaterThan(nano(LIMIT) / worst / 2);
    expect(total("refused")).toBeGreaterThan(0);

    // What callers were told, the budget and the log agree to the last billionth.
    expect(await stateOf(observer)).toEqual({ used: total("nanoUsd"), reserved: held });
    const { lines } = await observer.spend();
    expect([lines[0]?.calls, lines[0]?.nanoUsd]).toEqual([total("calls"), BigInt(total("nanoUsd"))]);

    // What is left is used up, to less than one call's worst case. A call is settled soon after its answer.
    const request = requestOf("last", "one");
    for (let full = false; !full;) {
      await observer.generate(request).catch(() => (full = true));
      await expect.poll(async () => (await stateOf(observer)).reserved).toBe(held);
    }
    const spent = (await stateOf(observer)).used;
    expect(nano(LIMIT) - spent - held).toBeLessThan(worst);

    // What the killed process held is free when its leases are over, and not before.
    expect(await stateOf(justBefore)).toEqual({ used: spent, reserved: held });
    await expect(justBefore.generate(request)).rejects.toMatchObject({ code: "BUDGET_EXCEEDED", param: "everyone" });
    expect(await stateOf(after)).toEqual({ used: spent, reserved: 0 });
    const { cost } = await after.generate(request);
    await expect.poll(() => stateOf(after)).toEqual({ used: spent + cost!.nanoUsd, reserved: 0 });
  } finally {
    victim.kill("SIGKILL");
    await Promise.all([observer, justBefore, after].map((layer) => layer.close()));
  }
}
