import { CrosspointError, type CallRequest, type Crosspoint, type SpendRow } from "crosspoint";
import { createSimulator } from "crosspoint/testing";
import { createLayer, MAX_OUTPUT, requestOf, WORKERS, type SpendJob, type SpendResult } from "./spending-layer.ts";

const ROUNDS = 8;

/** How the calls of a worker go, one after the other: whole, streamed, left in the middle, refused by the provider, failed and tried again. */
const WAYS = ["whole", "stream", "leave", "bad", "retry"] as const;

async function call(way: (typeof WAYS)[number], crosspoint: Crosspoint, request: CallRequest): Promise<void> {
  if (way === "stream" || way === "leave") {
    for await (const event of crosspoint.stream(request)) if (way === "leave" && event.type === "text-delta") break;
  } else await crosspoint.generate(request);
}

/** Sixteen workers of one process spend at once. */
async function spend({ place, team }: SpendJob): Promise<SpendResult> {
  let step = 0;
  const simulator = createSimulator({
    respond: () => ({ text: "The Danube, the Rhine and the Elbe.", usage: { output: 1 + ((step += 37) % MAX_OUTPUT) }, delayMs: 1 }),
  });
  const rows: SpendRow[] = [];
  const crosspoint = createLayer(place, {
    fetch: simulator.fetch,
    providers: simulator.providers(),
    onSpend: (row) => void rows.push(row),
  });
  let refused = 0;
  const failed: Record<string, number> = {};
  const worker = async (index: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const way = WAYS[(index + round) % WAYS.length]!;
      if (way === "bad") simulator.fault({ status: 400 });
      if (way === "retry") simulator.fault({ status: 503, headers: { "retry-after-ms": "1" } });
      try {
        await call(way, crosspoint, requestOf(team, `worker ${index}`));
      } catch (error) {
        const code = CrosspointError.is(error) ? error.code : String(error);
        if (code === "BUDGET_EXCEEDED") refused++;
        else failed[code] = (failed[code] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(index)));
  await crosspoint.close();
  const answered = rows.filter(({ outcome }) => outcome === "success").length;
  return { calls: rows.length, answered, refused, failed, nanoUsd: rows.reduce((sum, row) => sum + (row.cost?.nanoUsd ?? 0), 0) };
}

/** Sixteen calls that the provider never answers; resolves when all are under way. */
function hang({ place, team }: SpendJob): Promise<SpendResult> {
  return new Promise((resolve) => {
    let calls = 0;
    const fetch: typeof globalThis.fetch = () => {
      if (++calls === WORKERS) resolve({ calls, answered: 0, refused: 0, failed: {}, nanoUsd: 0 });
      return new Promise(() => {});
    };
    const crosspoint = createLayer(place, { fetch, env: { OPENAI_API_KEY: "sk-test" } });
    for (let index = 0; index < WORKERS; index++) crosspoint.generate(requestOf(team, `worker ${index}`)).catch(() => {});
  });
}

process.on("message", (job: SpendJob) => void (job.hang ? hang(job) : spend(job)).then((result) => process.send?.(result)));
