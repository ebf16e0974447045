import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect } from "vitest";
import type { Place } from "../stores/place.ts";
import { ask, onSharedStores, startWorker } from "../stores/processes.ts";
import type { PeerJob } from "./peer.ts";

let workers: readonly ChildProcess[] = [];
beforeAll(() => {
  workers = [0, 1].map(() => startWorker(new URL("./peer.ts", import.meta.url)).setMaxListeners(100));
});
afterAll(() => {
  for (const worker of workers) worker.kill("SIGKILL");
});

onSharedStores("what one process finds out of a provider, the other goes by, and the other way round", share);

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

async function share(place: Place): Promise<void> {
  let isUp = true;
  const server = createServer((request, response) => {
    const fails = !isUp && request.headers.authorization?.includes("sk-key-a") === true;
    request.resume().on("end", () => {
      response.writeHead(fails ? 503 : 200, { "content-type": "application/json" });
      response.end(fails ? '{"error":{"message":"down"}}' : ANSWER);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const one = (job: PeerJob): Promise<unknown> => ask(workers[0]!, job);
  const two = (job: PeerJob): Promise<unknown> => ask(workers[1]!, job);
  try {
    for (const each of [one, two]) {
      await each({ do: "open", place, baseURL });
      expect(await each({ do: "call" })).toEqual(["a"]);
    }
    isUp = false;
    for (let call = 0; call < 3; call++) expect(await one({ do: "call" })).toEqual(["a", "b"]);
    const told = (await two({ do: "await", states: ["open", "half-open"] })) as { readonly state: string };
    expect(told).toEqual(told.state === "open" ? { state: "open", learned: true, asked: ["b"] } : { state: "half-open", learned: true });
    expect(await one({ do: "await", states: ["open", "half-open"] })).not.toHaveProperty("learned");

    // Each probe goes to one that answers again.
    isUp = true;
    expect(await two({ do: "await", states: ["half-open"] })).toEqual({ state: "half-open", learned: true });
    let last: unknown;
    for (let call = 0; call < 200 && JSON.stringify(last) !== '["a"]'; call++) last = await two({ do: "call" });
    expect(last).toEqual(["a"]);
    expect(await one({ do: "await", states: ["closed"] })).toEqual({ state: "closed" });
    expect(await one({ do: "call" })).toEqual(["a"]);
  } finally {
    server.close();
  }
}
