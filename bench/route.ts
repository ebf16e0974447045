/** What routing adds to a call: the same call to one place, and through groups. */
import { createCrosspoint } from "crosspoint";
import { agent, answer, BASE_URL, API_KEY, MODEL, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));
const STRATEGIES = ["shuffle", "round-robin", "least-busy", "latency", "usage", "cost", "cache-affinity"] as const;

const deployments = (count: number) => Array.from({ length: count }, (_, index) => ({ model: `bench/${MODEL}`, id: `d${index}` }));

export async function benchRoute(): Promise<Table> {
  const models = Object.fromEntries([
    ["one", { deployments: deployments(1) }],
    ["ten", { deployments: deployments(10) }],
    ["thousand", { deployments: deployments(1_000) }],
    ["ten, with limits", { deployments: deployments(10).map((each) => ({ ...each, rpm: 1e9, tpm: 1e12 })) }],
    ...STRATEGIES.map((strategy) => [`ten, ${strategy}`, { deployments: deployments(10), strategy }]),
    ...(["latency", "round-robin"] as const).map((strategy) => [`thousand, ${strategy}`, { deployments: deployments(1_000), strategy }]),
  ]) as Record<string, { deployments: ReturnType<typeof deployments> }>;
  const providers = { bench: { codec: "openai-chat", baseURL: BASE_URL, apiKey: API_KEY } } as const;
  const prices = { [`bench/${MODEL}`]: { input: 0.15, output: 0.6 } };
  const routed = createCrosspoint({ fetch, env: {}, providers, prices, models });
  const plain = createCrosspoint({ fetch, env: {}, providers, prices });
  const request = forCrosspoint(small);
  const long = forCrosspoint(agent);
  const subjects: Record<string, Subject> = {
    "no groups": () => plain.generate({ ...request, model: `bench/${MODEL}` }),
    ...Object.fromEntries(Object.keys(models).map((model) => [model, () => routed.generate({ ...request, model })])),
    "agent, no groups": () => plain.generate({ ...long, model: `bench/${MODEL}` }),
    "agent, ten": () => routed.generate({ ...long, model: "ten" }),
  };
  const figures = await measure({ subjects, rounds: option("rounds", 60), turnMs: 8 });
  const base = (name: string): number =>
    figures.find((each) => each.name === (name.startsWith("agent") ? "agent, no groups" : "no groups"))!.us;
  return {
    title: "Routing, in memory (µs of a call, and what the group adds)",
    rows: figures.map(({ name, us }) => ({ group: name, "call µs": rounded(us, 1), "added µs": rounded(us - base(name), 1) })),
  };
}

if (isMain(import.meta)) print([await benchRoute()]);
