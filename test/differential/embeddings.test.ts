import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createOpenAI } from "@ai-sdk/openai";
import { describe, expect, test } from "vitest";
import { createCrosspoint } from "../../src/index.ts";
import { root } from "./recordings.ts";

const file = join(root, "embeddings/openai/openai-embedding.json");
const present = existsSync(file);

if (!present) test.skip(`skipped: ${file} is absent (set CROSSPOINT_RECORDED)`, () => undefined);

describe.skipIf(!present)("recorded embeddings, ours and the AI SDK's", () => {
  test("OpenAI: the same vectors and tokens", async () => {
    const fetch = () => Promise.resolve(new Response(readFileSync(file), { headers: { "content-type": "application/json" } }));
    const model = "text-embedding-3-small";
    const values = ["a", "b"];
    const theirs = await createOpenAI({ apiKey: "key", fetch }).embedding(model).doEmbed({ values });
    const ours = await createCrosspoint({ fetch, providers: { openai: { apiKey: "key" } }, env: {} }).embed({
      model: `openai/${model}`,
      input: values,
    });
    expect(ours.embeddings).toEqual(theirs.embeddings);
    expect(ours.usage.input.total).toBe(theirs.usage?.tokens);
  });
});
