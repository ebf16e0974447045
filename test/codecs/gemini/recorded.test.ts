import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gemini } from "../../../src/codecs/gemini/index.ts";
import { accumulate } from "../../../src/ir/accumulate.ts";
import { checkEvents, contextOf, decodeFrames, decodeWhole, streamEvents } from "./support.ts";

const root = join(process.env["CROSSPOINT_RECORDED"] ?? join(import.meta.dirname, "../../../../shared/recorded"), "gemini");
const present = existsSync(root);
const files = present
  ? readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.(json|txt)$/.test(name))
  : ["(the recordings are absent)"];

/** A file may hold several streams, one after the other: a finished answer ends one. */
function streamsOf(text: string): string[][] {
  const streams: string[][] = [[]];
  let id: unknown;
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const next = (JSON.parse(line) as { responseId?: unknown }).responseId;
    if (id !== undefined && next !== id) streams.push([]);
    id = next;
    streams.at(-1)!.push(line);
  }
  return streams;
}

describe.skipIf(!present)("recorded answers of Gemini", () => {
  test.each(files)("%s", (name) => {
    const text = readFileSync(join(root, name), "utf8");
    const answers = name.endsWith(".json")
      ? [gemini.decodeResponse(JSON.parse(text), contextOf())]
      : streamsOf(text).map((lines) => streamEvents(lines));
    for (const events of answers) {
      expect(checkEvents(events)).toEqual([]);
      const answer = accumulate(events);
      expect(answer.finishReason.raw).toBe("STOP");
      expect(answer.finishReason.unified).toBe(answer.toolCalls.length > 0 ? "tool-calls" : "stop");
      expect(answer.content.length).toBeGreaterThan(0);
      const { input, output, total } = answer.usage;
      expect((input.uncached ?? 0) + (input.cacheRead ?? 0)).toBe(input.total);
      expect((output.text ?? 0) + (output.reasoning ?? 0)).toBe(output.total);
      expect(total).toBe((answer.usage.raw as { totalTokenCount: number }).totalTokenCount);
      for (const call of answer.toolCalls) expect(typeof JSON.parse(call.arguments)).toBe("object");
      expect(answer.warnings).toEqual([]);
    }
  });

  test("a whole answer and a stream of the same frames agree", () => {
    for (const name of files.filter((each) => each.endsWith(".txt"))) {
      for (const lines of streamsOf(readFileSync(join(root, name), "utf8"))) {
        const whole = decodeWhole(lines.map((line) => JSON.parse(line) as unknown));
        expect(whole).toEqual(decodeFrames(lines));
      }
    }
  });

  test("GG28 nested streamed arguments become the JSON that they describe", () => {
    const file = files.find((each) => each.includes("nested"))!;
    const [call] = decodeFrames(streamsOf(readFileSync(join(root, file), "utf8"))[0]!).toolCalls;
    const { recipe } = JSON.parse(call!.arguments) as { recipe: { ingredients: unknown[]; name: string; steps: string[] } };
    expect(recipe.name).toBe("Lasagna");
    expect(recipe.ingredients).toHaveLength(10);
    expect(recipe.steps[1]).toBe("Cook lasagna noodles according to package directions, drain and set aside.");
    expect(call!.opaque?.[0]?.kind).toBe("thought-signature");
  });
});
