import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/codecs/openai-chat/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { CrosspointError } from "../../../src/ir/error.ts";
import type { StreamEvent } from "../../../src/ir/event.ts";
import { checkBlocks, decodeContext, targetOf } from "./fixtures.ts";

const root = join(process.env["CROSSPOINT_RECORDED"] ?? "../shared/recorded", "openai-chat");
const present = existsSync(root);
const files = present ? globSync("**/*.{json,chunks.txt}", { cwd: root }) : [];
if (!present) console.warn(`recordings skipped: ${root} is absent`);

const wordsOf = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

function decode(file: string): StreamEvent[] {
  const text = readFileSync(join(root, file), "utf8");
  const context = decodeContext(targetOf({ replayReasoning: "reasoning_content" }));
  if (file.endsWith(".json")) return openaiChat.decodeResponse(JSON.parse(text), context);
  const decoder = openaiChat.decodeStream(context);
  const out: StreamEvent[] = [];
  for (const line of text.split("\n")) if (line !== "") decoder.push(line, undefined, out);
  decoder.push("[DONE]", undefined, out);
  decoder.end(out);
  return out;
}

describe.skipIf(!present)("recorded wires", () => {
  test("there are some", () => expect(files.length).toBeGreaterThan(20));

  test.for(files.filter((file) => !file.includes("error")))("%s", (file) => {
    const events = decode(file);
    checkBlocks(events);
    const response = accumulate(events);
    expect(response.finishReason.unified).toMatch(/^(stop|length|tool-calls)$/);
    expect(response.warnings).toEqual([]);
    const { input, output } = response.usage;
    expect(input.total).toBeGreaterThan(0);
    expect((input.uncached ?? 0) + (input.cacheRead ?? 0) + (input.cacheWrite ?? 0)).toBe(input.total);
    expect((output.text ?? 0) + (output.reasoning ?? 0) + (output.audio ?? 0) + (output.image ?? 0)).toBe(output.total);
    expect(response.usage.total).toBe(response.usage.raw?.["total_tokens"]);
    expect(wordsOf(response.text).length + response.toolCalls.length).toBeGreaterThan(0);
    for (const call of response.toolCalls) expect(JSON.parse(call.arguments)).toBeTypeOf("object");
    if (file.includes("tool-call")) expect(response.toolCalls.length).toBeGreaterThan(0);
    if (file.includes("perplexity")) expect(response.sources.length).toBeGreaterThan(3);
  });

  test.for(files.filter((file) => file.endsWith(".chunks.txt")))("%s: every text of the wire arrives", (file) => {
    const response = accumulate(decode(file));
    let text = "";
    let reasoning = "";
    for (const line of readFileSync(join(root, file), "utf8").split("\n")) {
      if (line === "") continue;
      const delta = (JSON.parse(line) as { choices: { delta: Record<string, string | null> }[] }).choices[0]?.delta;
      text += delta?.["content"] ?? "";
      reasoning += delta?.["reasoning_content"] ?? delta?.["reasoning"] ?? "";
    }
    expect(response.text).toBe(text);
    expect(response.reasoning).toBe(reasoning);
  });

  test.for(files.filter((file) => file.includes("error")))("%s throws", (file) => {
    expect(() => decode(file)).toThrow(CrosspointError);
  });

  test("a whole tool call and its stream agree", () => {
    const pair = (name: string) => [accumulate(decode(`${name}.json`)), accumulate(decode(`${name}.chunks.txt`))] as const;
    for (const name of [
      "groq/groq-tool-call",
      "alibaba/alibaba-tool-call",
      "mistral/mistral-tool-call",
      "openai-compatible/xai-tool-call",
    ]) {
      const [one, other] = pair(name);
      const shape = (response: typeof one) => ({
        calls: response.toolCalls.map((call) => [call.name, JSON.parse(call.arguments) as unknown]),
        finish: response.finishReason,
        kinds: response.content.map((part) => part.type),
      });
      expect(shape(other)).toEqual(shape(one));
    }
  });
});
