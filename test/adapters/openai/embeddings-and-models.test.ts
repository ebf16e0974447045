import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { crosspointOf, openaiFetch } from "crosspoint/openai";
import { createRig, readAll } from "./support.ts";

describe.each(["openai/text-embedding-3-small", "google/gemini-embedding-001"])("embeddings of %s", (model) => {
  test("are the same numbers in base64, which the client asks for by itself, and in plain", async () => {
    const { openai } = createRig({ layer: { prices: { [model]: { input: 0.1, output: 0 } } } });
    const asked = await openai.embeddings.create({ model, input: ["one", "two"] }).withResponse();
    expect(asked.response.headers.get("x-crosspoint-deployment")).toBe(model);
    const info = crosspointOf(asked.data)!;
    expect(info).toMatchObject({ deployment: model, attempts: 1, callId: asked.request_id });
    // Google counts no tokens here, so that the cost is unknown.
    if (model.startsWith("google/")) expect(info.cost).toBeUndefined();
    else expect(info.cost).toBeGreaterThan(0);
    expect(info.cost?.toString() ?? null).toBe(asked.response.headers.get("x-crosspoint-cost"));
    const plain = await openai.embeddings.create({ model, input: ["one", "two"], encoding_format: "float" });
    expect(asked.data.data.map(({ index }) => index)).toEqual([0, 1]);
    for (const [at, { embedding }] of asked.data.data.entries()) {
      expect(embedding.length).toBeGreaterThan(100);
      expect(embedding).toEqual(plain.data[at]!.embedding.map(Math.fround));
    }
    expect(asked.data.data[0]!.embedding).not.toEqual(asked.data.data[1]!.embedding);
    expect((await openai.embeddings.create({ model, input: "one", dimensions: 8 })).data[0]!.embedding).toHaveLength(8);
  });
});

describe("models", () => {
  test("are listed and found, groups among them", async () => {
    const { openai } = createRig({ layer: { models: { smart: "anthropic/claude-sonnet-4-5" } } });
    const models = await readAll(openai.models.list());
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(["smart", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-flash"]));
    expect(await openai.models.retrieve("anthropic/claude-sonnet-4-5")).toMatchObject({
      object: "model",
      owned_by: "anthropic",
      _request_id: expect.any(String) as string,
    });
    await expect(openai.models.retrieve("nowhere/none")).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect((await openai.responses.create({ model: "smart", input: "hi" })).output_text).toBe("You said: hi");
  });
});

test("a client of one's own takes the fetch alone, and requests as well as URLs", async () => {
  const { crosspoint, spend } = createRig();
  const fetch = openaiFetch(crosspoint, { attribution: { team: "search" } });
  const own = new OpenAI({ apiKey: "unused", baseURL: "http://crosspoint.invalid/v1", fetch, maxRetries: 0 });
  await own.responses.create({ model: "google/gemini-2.5-flash", input: "hi" });
  const request = new Request("http://crosspoint.invalid/v1/responses", {
    method: "POST",
    headers: { "content-type": "application/json", "x-crosspoint-project": "raw" },
    body: JSON.stringify({ model: "google/gemini-2.5-flash", input: "hi" }),
  });
  const answer = (await (await fetch(request)).json()) as { crosspoint: { cost: number } };
  expect(answer.crosspoint.cost).toBe(spend[1]!.cost!.total);
  expect(spend.map(({ attribution }) => attribution)).toEqual([{ team: "search" }, { team: "search", project: "raw" }]);
});
