import { setTimeout as sleep } from "node:timers/promises";
import { BUDGET, LEASE, openStore, type Job, type Report } from "./place.ts";

const WORKERS = 16;
const ROUNDS = 12;

/** Sixteen at once reserve the worst case, spend at most that, settle it and log it. */
async function work({ place, name, now, limit }: Job): Promise<Report> {
  const store = openStore(place);
  const report = { spent: 0, granted: 0, refused: 0 };
  const worker = async (worker: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = `${name}/${worker}/${round}`;
      const worst = 1 + ((worker * 7 + round * 5) % 20);
      const lease = { id, expiresAt: now + LEASE };
      const { granted } = await store.reserve(lease, [{ key: BUDGET, bucket: now, from: now, amount: worst, limit }], now);
      if (!granted) {
        report.refused++;
        await sleep(1);
        continue;
      }
      const spent = Math.ceil(worst / 2);
      report.granted++;
      report.spent += spent;
      await sleep(1);
      await store.settle(id, [{ key: BUDGET, amount: spent }], now);
      await store.append([{ id, time: now, model: "m", outcome: "success", durationMs: 1, nanoUsd: spent, attempts: [] }]);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(index)));
  await store.close();
  return report;
}

process.on("message", (job: Job) => {
  const done = async (): Promise<unknown> => {
    if (job.hold === undefined) return work(job);
    const hold = { key: BUDGET, bucket: job.now, from: job.now, amount: job.hold, limit: job.limit };
    return openStore(job.place).reserve({ id: job.name, expiresAt: job.now + LEASE }, [hold], job.now);
  };
  void done().then((answer) => process.send?.(answer));
});
