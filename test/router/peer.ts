import { createCrosspoint, type Crosspoint } from "crosspoint";
import { openStore, type Place } from "../stores/place.ts";

/** What a process is asked to do. */
export type PeerJob =
  | { readonly do: "open"; readonly place: Place; readonly baseURL: string }
  | { readonly do: "call" }
  /** Answers when the state of deployment `a` is one of these, with the deployments that a call asks at that moment where it is open. */
  | { readonly do: "await"; readonly states: readonly string[] };

let crosspoint: Crosspoint | undefined;

async function work(job: PeerJob): Promise<unknown> {
  if (job.do === "open") {
    await crosspoint?.close();
    const deployments = ["a", "b"].map((id, index) => ({ model: "openai-chat/gpt-4o", id, apiKey: `sk-key-${id}-00000000`, order: index }));
    crosspoint = createCrosspoint({
      env: {},
      store: openStore(job.place),
      providers: { "openai-chat": { baseURL: job.baseURL } },
      models: { main: { deployments } },
      cooldown: { ms: 1_000 },
    });
    return "open";
  }
  if (job.do === "call") return call();
  for (;;) {
    const { state, learned } = (await crosspoint!.health()).find(({ deployment }) => deployment === "a")!;
    if (job.states.includes(state)) return { state, learned, ...(state === "open" && learned && { asked: await call() }) };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function call(): Promise<readonly string[]> {
  const { attempts } = await crosspoint!.generate({ model: "main", messages: [{ role: "user", content: "Hi" }] });
  return attempts.map(({ deployment }) => deployment);
}

process.on("message", (job: PeerJob) => {
  void work(job).then((answer) => process.send?.(answer));
});
