import { createCrosspoint, type Crosspoint, type SpendRow } from "crosspoint";
import { createSimulator, type Simulator } from "crosspoint/testing";
import { PRICES, SCRIPT } from "./script.ts";

export interface Counts {
  readonly input: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly output: number | undefined;
  readonly reasoning: number | undefined;
  readonly total: number | undefined;
}

/** What a face tells of one answer, in no framework's words. */
export interface Told {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[];
  readonly usage: Counts;
  /** US dollars, from the place where this face keeps them. */
  readonly cost: number | undefined;
}

/** One way to hold a conversation. */
export interface Face {
  readonly title: string;
  /** Asks, runs the tools, and asks once more: what was told in each of the two answers. */
  converse(crosspoint: Crosspoint, model: string, streamed: boolean): Promise<readonly Told[]>;
  /** The providers whose reasoning is not shown, because the face's own format has no field that asks for it. */
  readonly hidesReasoning?: readonly string[];
  /** The face's own format wants a number where nothing is known. */
  readonly zeroFills?: true;
}

export interface Rig {
  readonly crosspoint: Crosspoint;
  readonly simulator: Simulator;
  readonly spend: SpendRow[];
}

/** A layer on simulated providers that know the script; the same price for every model. */
export function createRig(model: string): Rig {
  const simulator = createSimulator({ script: SCRIPT, secret: "the same in all", clock: () => 1_760_000_000_000 });
  const spend: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    fetch: simulator.fetch,
    providers: simulator.providers(),
    prices: { [model]: PRICES },
    retries: 0,
    onSpend: (row) => void spend.push(row),
  });
  return { crosspoint, simulator, spend };
}
