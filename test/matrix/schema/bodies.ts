import type { Rig } from "../harness.ts";
import { violations } from "./check.ts";

/** What OpenAI's two wires answer with. */
const WIRES: readonly { readonly path: string; readonly whole: string; readonly frame: string }[] = [
  { path: "/v1/chat/completions", whole: "ChatCompletion", frame: "ChatCompletionChunk" },
  { path: "/v1/responses", whole: "Response", frame: "ResponseStreamEvent" },
];

/** The data of a stream's frames, without the end mark. */
export function framesOf(body: string): readonly Record<string, unknown>[] {
  return body
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
}

function isError(value: Record<string, unknown>): boolean {
  return typeof value["error"] === "object" && value["error"] !== null && value["object"] === undefined && value["type"] === undefined;
}

/** Everything that OpenAI's clients received through a rig and that OpenAI's own types do not allow. */
export async function schemaViolations(rig: Rig): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, contentType, body } of await rig.downstream()) {
    const wire = WIRES.find((each) => each.path === path);
    if (wire === undefined) continue;
    const streamed = contentType.startsWith("text/event-stream");
    for (const value of streamed ? framesOf(body) : [JSON.parse(body) as Record<string, unknown>]) {
      if (isError(value)) found.push(...violations(value["error"], "ErrorObject"));
      else found.push(...violations(value, streamed ? wire.frame : wire.whole));
    }
  }
  return found;
}
