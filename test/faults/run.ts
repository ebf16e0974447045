import type { Recovery } from "crosspoint";
import { CHANNELS, type Channel } from "./channels.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { createWorld } from "./world.ts";

/** One run of one scenario. */
export interface Run {
  readonly scenario: Scenario;
  readonly channel: Channel;
  readonly mode: Recovery;
}

/** What the runs came to, in plain data: an outcome, or the failure. */
export interface FaultReport {
  readonly channels: readonly string[];
  readonly scenarios: readonly {
    readonly id: string;
    readonly fault: string;
    readonly behaviour: string;
    readonly rows: readonly {
      readonly mode?: Recovery;
      readonly cells: readonly { readonly outcome: string; readonly failed?: boolean }[];
    }[];
  }[];
}

export const RUNS: readonly Run[] = SCENARIOS.flatMap((scenario) =>
  (scenario.modes ?? ["error"]).flatMap((mode) => CHANNELS.map((channel) => ({ scenario, channel, mode }))),
);

const outcomes = new Map<Run, Promise<string>>();

/** Runs once, however often it is asked for. Times are real and ten times faster, so a run that a busy machine delayed has two more chances. */
export function runOnce(run: Run): Promise<string> {
  let outcome = outcomes.get(run);
  if (outcome === undefined) {
    const again = (): Promise<string> => runIn(run);
    outcomes.set(run, (outcome = runIn(run).catch(again).catch(again)));
  }
  return outcome;
}

async function runIn({ scenario, channel, mode }: Run): Promise<string> {
  const world = await createWorld({ recovery: mode, ...scenario.options });
  try {
    return await scenario.run(world, channel, mode);
  } finally {
    await world.close();
  }
}

export async function runAll(): Promise<FaultReport> {
  const scenarios = [];
  for (const { id, fault, behaviour, modes } of SCENARIOS) {
    const rows = [];
    for (const mode of modes ?? [undefined]) {
      const own = RUNS.filter((run) => run.scenario.id === id && run.mode === (mode ?? "error"));
      const cells = await Promise.all(
        own.map((run) =>
          runOnce(run).then(
            (outcome) => ({ outcome }),
            (error: unknown) => ({ outcome: String(error).split("\n")[0]!.slice(0, 200), failed: true }),
          ),
        ),
      );
      rows.push({ ...(mode !== undefined && { mode }), cells });
    }
    scenarios.push({ id, fault, behaviour, rows });
  }
  return { channels: CHANNELS.map(({ name }) => name), scenarios };
}
