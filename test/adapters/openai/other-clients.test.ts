import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRig, MODELS, weather, WIRES, type Rig } from "./support.ts";

const PLACEHOLDER = "crosspoint";
const baseURL = "http://crosspoint.invalid";

function createAnthropic({ crosspoint }: Rig, headers: Record<string, string> = {}): Anthropic {
  return new Anthropic({ apiKey: PLACEHOLDER, baseURL, fetch: crosspoint.fetch, maxRetries: 0, defaultHeaders: headers });
}

function createGoogle({ crosspoint }: Rig, headers: Record<string, string> = {}): GoogleGenAI {
  return new GoogleGenAI({ apiKey: PLACEHOLDER, httpOptions: { baseUrl: baseURL, fetch: crosspoint.fetch, headers } });
}

const question = 'What is the weather in "Paris"?';

describe.each(WIRES)("@anthropic-ai/sdk over %s", (_wire, model) => {
  test("runs a tool loop, streamed, with cost and attribution", async () => {
    const rig = createRig();
    const anthropic = createAnthropic(rig, { "x-crosspoint-team": "search" });
    const ask = {
      model,
      max_tokens: 1000,
      tools: [{ name: "weather", input_schema: { ...weather, type: "object" as const } }],
      metadata: { user_id: "ada" },
    };
    const user = { role: "user" as const, content: question };
    const { data: first, response, request_id } = await anthropic.messages.create({ ...ask, messages: [user] }).withResponse();
    const call = first.content.find((block) => block.type === "tool_use")!;
    expect(call.input).toEqual({ city: "Paris" });
    expect(Number(response.headers.get("x-crosspoint-cost"))).toBe(rig.spend[0]!.cost!.total);
    expect(response.headers.get("x-crosspoint-deployment")).toBe(model);
    expect(request_id).toMatch(/^call_/);
    const stream = anthropic.messages.stream({
      ...ask,
      messages: [
        user,
        { role: "assistant", content: first.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "21 degrees" }] },
      ],
    });
    expect(await stream.finalText()).toBe("weather returned 21 degrees.");
    expect(rig.spend.map(({ attribution }) => attribution)).toEqual([
      { team: "search", user: "ada" },
      { team: "search", user: "ada" },
    ]);
  });

  test("raises its own errors, once", async () => {
    const rig = createRig();
    rig.simulator.fault({ status: 429, times: Infinity });
    const anthropic = createAnthropic(rig);
    const ask = { model, max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] };
    await expect(anthropic.messages.create(ask)).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(anthropic.messages.create({ ...ask, stream: true })).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    expect(rig.simulator.requests).toHaveLength(2);
  });
});

describe.each(WIRES)("threads of @anthropic-ai/sdk over %s", (_wire, model) => {
  test.each([false, true])(
    "its tool runner, which would have the provider hold the conversation, sends it all (stream: %s)",
    async (stream) => {
      const rig = createRig();
      const cities: string[] = [];
      const run = ({ city }: { city: string }): string => {
        cities.push(city);
        return "21 degrees";
      };
      const tool = betaZodTool({ name: "weather", description: "The weather", inputSchema: z.object({ city: z.string() }), run });
      const params = { model, max_tokens: 1000, messages: [{ role: "user" as const, content: question }], tools: [tool], stream };
      const answer = await createAnthropic(rig).beta.messages.toolRunner(params);
      expect(answer.content.map((block) => (block.type === "text" ? block.text : ""))).toContain("weather returned 21 degrees.");
      expect(cities).toEqual(["Paris"]);
      expect(rig.simulator.requests).toHaveLength(2);
      expect(JSON.stringify(rig.simulator.requests)).not.toContain("previous_message_id");
    },
  );

  test("a thread of one's own goes on", async () => {
    const rig = createRig();
    const thread = createAnthropic(rig).beta.messages.thread({ model, max_tokens: 1000, system: "Be brief." });
    for (const text of ["one", "two", "three"]) {
      const answer = await thread.send({ role: "user", content: text });
      expect(answer.content.map((block) => (block.type === "text" ? block.text : "")).join("")).toBe(`You said: ${text}`);
    }
    expect(rig.simulator.requests).toHaveLength(3);
    const sent = JSON.stringify(rig.simulator.requests[2]!.body);
    for (const text of ["one", "two", "three", "Be brief."]) expect(sent).toContain(text);
  });
});

describe.each(WIRES)("@google/genai over %s", (_wire, model) => {
  test("runs a tool loop, streamed, with attribution", async () => {
    const rig = createRig();
    const google = createGoogle(rig, { "x-crosspoint-user": "ada" });
    const config = { tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: weather }] }] };
    const contents = [{ role: "user", parts: [{ text: question }] }];
    const first = await google.models.generateContent({ model, contents, config });
    expect(first.functionCalls?.[0]).toMatchObject({ name: "weather", args: { city: "Paris" } });
    const result = {
      functionResponse: {
        ...(first.functionCalls![0]!.id && { id: first.functionCalls![0]!.id }),
        name: "weather",
        response: { result: "21 degrees" },
      },
    };
    let text = "";
    const history = [...contents, first.candidates![0]!.content!, { role: "user", parts: [result] }];
    for await (const chunk of await google.models.generateContentStream({ model, contents: history, config })) text += chunk.text ?? "";
    expect(text).toContain("21 degrees");
    expect(rig.spend.map(({ attribution }) => attribution)).toEqual([{ user: "ada" }, { user: "ada" }]);
  });

  test("raises its own errors, once", async () => {
    const rig = createRig();
    rig.simulator.fault({ status: 429, times: Infinity });
    await expect(createGoogle(rig).models.generateContent({ model, contents: "hi" })).rejects.toMatchObject({ status: 429 });
    expect(rig.simulator.requests).toHaveLength(1);
  });
});

test("both list and count", async () => {
  const rig = createRig({ layer: { models: { smart: MODELS.gemini } } });
  const anthropic = createAnthropic(rig);
  expect((await anthropic.models.list()).data.map(({ id }) => id)).toContain("smart");
  const counted = await anthropic.messages.countTokens({ model: "smart", messages: [{ role: "user", content: "hello" }] });
  const google = createGoogle(rig);
  expect((await google.models.countTokens({ model: "smart", contents: "hello" })).totalTokens).toBe(counted.input_tokens);
  const names: (string | undefined)[] = [];
  for await (const { name } of await google.models.list()) names.push(name);
  expect(names).toContain("models/smart");
});
