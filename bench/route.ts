/** What routing adds to a call: the same call to one place, and through groups of ten and of a thousand. */
import { createCrosspoint } from "crosspoint";
import { agent, answer, BASE_URL, API_KEY, MODEL, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));
const STRATEGIES = ["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"] as const;
const SIZES = [10, 1_000] as const;

const deployments = (count: number) => Array.from({ length: count }, (_, index) => ({ model: `bench/${MODEL}`, id: `d${index}` }));

export async function benchRoute(): Promise<Table> {
  const models = Object.fromEntries([
    ["1 deployment", { deployments: deployments(1) }],
    ["10, with limits", { deployments: deployments(10).map((each) => ({ ...each, rpm: 1e9, tpm: 1e12 })) }],
    ...SIZES.map((size) => [`${size} deployments`, { deployments: deployments(size) }]),
    ...SIZES.flatMap((size) => STRATEGIES.map((strategy) => [`${size}, ${strategy}`, { deployments: deployments(size), strategy }])),
  ]) as Record<string, { deployments: ReturnType<typeof deployments> }>;
  const providers = { bench: { codec: "openai-chat", baseURL: BASE_URL, apiKey: API_KEY } } as const;
  const prices = { [`bench/${MODEL}`]: { input: 0.15, output: 0.6 } };
  const routed = createCrosspoint({ fetch, env: {}, providers, prices, models });
  const plain = createCrosspoint({ fetch, env: {}, providers, prices });
  const request = forCrosspoint(small);
  const long = forCrosspoint(agent);
  const plan = { rounds: option("rounds", 60), turnMs: 8 };
  const forShort: Record<string, Subject> = {
    "no groups": () => plain.generate({ ...request, model: `bench/${MODEL}` }),
    ...Object.fromEntries(Object.keys(models).map((model) => [model, () => routed.generate({ ...request, model })])),
  };
  const forLong: Record<string, Subject> = {
    "agent, no groups": () => plain.generate({ ...long, model: `bench/${MODEL}` }),
    "agent, 10 deployments": () => routed.generate({ ...long, model: "10 deployments" }),
  };
  const figures = [...(await measure({ ...plan, subjects: forShort })), ...(await measure({ ...plan, subjects: forLong }))];
  return {
    title: "Routing, in memory (µs of a call, and what the group adds: medians over the rounds)",
    rows: figures.map(({ name, us, added }) => ({ deployments: name, "call µs": rounded(us, 1), "added µs": rounded(added, 1) })),
  };
}

if (isMain(import.meta)) print([await benchRoute()]);
