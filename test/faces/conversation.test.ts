import { describe, expect, test } from "vitest";
import { aiSDK } from "./ai-sdk.ts";
import { createRig, type Face, type Rig, type Told } from "./face.ts";
import { langchain } from "./langchain.ts";
import { layer } from "./layer.ts";
import { openaiChat, openaiResponses } from "./openai.ts";
import { CALLS, PRICES, REPORT, SCRIPT, USED } from "./script.ts";

const FACES = [layer, langchain, aiSDK, openaiChat, openaiResponses];

interface Wire {
  readonly model: string;
  /** Gemini has no count of cache writes. */
  readonly countsWrites: boolean;
}

const WIRES: readonly Wire[] = [
  { model: "openai/gpt-5-mini", countsWrites: true },
  { model: "openai-chat/gpt-5-mini", countsWrites: true },
  { model: "anthropic/claude-sonnet-4-5", countsWrites: true },
  { model: "google/gemini-3-pro-preview", countsWrites: false },
];

/** Billionths of a dollar, by hand. */
function nanoUsdOf({ input, cacheRead, cacheWrite, output }: (typeof USED)[number], { countsWrites }: Wire): number {
  const written = countsWrites ? cacheWrite : 0;
  const uncached = input - cacheRead - written;
  const micro = uncached * PRICES.input + cacheRead * PRICES.cacheRead + written * PRICES.cacheWrite + output * PRICES.output;
  return Math.round(micro * 1000);
}

function isHidden(face: Face, wire: Wire): boolean {
  return face.hidesReasoning?.includes(wire.model.split("/")[0]!) === true;
}

function expected(face: Face, wire: Wire): readonly Told[] {
  const unknown = face.zeroFills === true ? 0 : undefined;
  return USED.map((used, index): Told => {
    const { cacheWrite, ...counts } = used;
    return {
      text: index === 0 ? SCRIPT[0]!.text! : JSON.stringify(REPORT),
      reasoning: isHidden(face, wire) ? "" : SCRIPT[index]!.reasoning!,
      calls: index === 0 ? CALLS : [],
      usage: { ...counts, cacheWrite: wire.countsWrites ? cacheWrite : unknown, total: used.input + used.output },
      cost: nanoUsdOf(used, wire) / 1e9,
    };
  });
}

/** What the provider was told of the first answer, without names that only tell one item from the next. */
function historyOf({ requests }: Rig["simulator"], hidden: boolean): unknown {
  const body = requests[1]!.body as Readonly<Record<string, unknown>>;
  const { input } = body;
  if (!Array.isArray(input)) return body["messages"] ?? body["contents"];
  return (input as Readonly<Record<string, unknown>>[]).map(({ id: _id, status: _status, summary, content, ...item }) => ({
    ...item,
    content: Array.isArray(content) ? (content as { text: string }[]).map(({ text }) => text).join("") : content,
    summary: hidden ? undefined : summary,
  }));
}

const layerHistories = new Map<string, Promise<Rig>>();

async function historyOfLayer(model: string, hidden: boolean): Promise<unknown> {
  const talk = async (): Promise<Rig> => {
    const rig = createRig(model);
    await layer.converse(rig.crosspoint, model, false);
    return rig;
  };
  if (!layerHistories.has(model)) layerHistories.set(model, talk());
  return historyOf((await layerHistories.get(model)!).simulator, hidden);
}

describe.each(WIRES)("$model", (wire) => {
  for (const face of FACES) {
    for (const form of ["whole", "streamed"] as const) {
      test(`${face.title}, ${form}`, async () => {
        const { crosspoint, simulator, spend } = createRig(wire.model);
        const told = await face.converse(crosspoint, wire.model, form === "streamed");
        expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
        expect(told).toEqual(expected(face, wire));
        expect(spend.map(({ cost }) => cost?.nanoUsd)).toEqual(USED.map((used) => nanoUsdOf(used, wire)));
        expect(spend.map(({ cost }) => cost?.total)).toEqual(told.map(({ cost }) => cost));
        expect(historyOf(simulator, isHidden(face, wire))).toEqual(await historyOfLayer(wire.model, isHidden(face, wire)));
      });
    }
  }
});
