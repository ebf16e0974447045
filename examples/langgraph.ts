/** A LangGraph graph whose nodes ask models through one layer: a draft, a review on another provider, and who spent what. */
import { stdout } from "node:process";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { z } from "zod";
import type { SpendRow } from "crosspoint";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createLayer } from "./layer.ts";

const rows: SpendRow[] = [];
const { crosspoint, model } = createLayer({ onSpend: (row) => void rows.push(row) });

const writer = new ChatCrosspoint({ crosspoint, model, maxTokens: 2_000, attribution: { project: "writer" } });
const reviewer = new ChatCrosspoint({ crosspoint, model, attribution: { project: "reviewer" } }).withStructuredOutput(
  z.object({ approved: z.boolean(), remark: z.string() }),
  { name: "review" },
);

const State = Annotation.Root({
  topic: Annotation<string>,
  draft: Annotation<string>,
  approved: Annotation<boolean>,
});

// Nodes hand no config on: LangGraph carries the thread and its metadata to the models, and so to the spend.
const graph = new StateGraph(State)
  .addNode("write", async ({ topic }) => ({ draft: (await writer.invoke(`Write one sentence about ${topic}.`)).text }))
  .addNode("check", async ({ draft }) => ({ approved: (await reviewer.invoke(`Is this a sentence? ${draft}`)).approved }))
  .addEdge(START, "write")
  .addEdge("write", "check")
  .addEdge("check", END)
  .compile();

const config = { configurable: { thread_id: "thread-1" }, metadata: { user_id: "ada", team: "examples" } };
let tokens = 0;
for await (const [mode, part] of await graph.stream({ topic: "fjords" }, { ...config, streamMode: ["messages", "updates"] })) {
  if (mode === "messages") tokens += 1;
  else stdout.write(`${JSON.stringify(part)}\n`);
}
stdout.write(`${tokens} pieces came on the way\n`);
for (const { attribution, deployment, cost } of rows) {
  stdout.write(`${attribution?.project}: ${deployment}, ${cost?.total} US dollars, for ${attribution?.user} in ${attribution?.session}\n`);
}
