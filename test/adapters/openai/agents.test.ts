import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from "@openai/agents";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRig, MODELS, type Rig } from "./support.ts";

setTracingDisabled(true);

const THINKING = { ...MODELS, "openai-chat": "openai-chat/gpt-4o", "gemini-3": "google/gemini-3-pro-preview" };

function createRunner({ openai }: Rig, useResponses: boolean): Runner {
  return new Runner({ modelProvider: new OpenAIProvider({ openAIClient: openai, useResponses }), tracingDisabled: true });
}

function weatherTool(cities: string[]) {
  return tool({
    name: "weather",
    description: "The weather in a city",
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      cities.push(city);
      return "21 degrees";
    },
  });
}

const apis = [
  ["Responses", true],
  ["Chat Completions", false],
] as const;

describe.each(apis)("@openai/agents over %s", (_api, useResponses) => {
  describe.each(Object.entries(THINKING))("on %s", (_wire, model) => {
    test.each([false, true])("runs a tool loop (stream: %s)", async (stream) => {
      const rig = createRig();
      const cities: string[] = [];
      const agent = new Agent({ name: "guide", instructions: "Be brief.", model, tools: [weatherTool(cities)] });
      const question = 'What is the weather in "Paris"?';
      const runner = createRunner(rig, useResponses);
      if (stream) {
        const result = await runner.run(agent, question, { stream: true });
        let text = "";
        for await (const piece of result.toTextStream()) text += piece;
        await result.completed;
        expect(text).toBe("weather returned 21 degrees.");
        expect(result.finalOutput).toBe(text);
      } else {
        const result = await runner.run(agent, question);
        expect(result.finalOutput).toBe("weather returned 21 degrees.");
        expect(result.runContext.usage.totalTokens).toBeGreaterThan(10);
      }
      expect(cities).toEqual(["Paris"]);
      expect(rig.simulator.requests.map(({ status }) => status)).toEqual([200, 200]);
      expect(rig.simulator.open).toBe(0);
    });

    test.each([false, true])("hands over to an agent on another provider, which thinks, and back (stream: %s)", async (stream) => {
      const rig = createRig();
      const cities: string[] = [];
      const settings = { modelSettings: { reasoning: { effort: "low" as const } } };
      const thinks = useResponses ? settings : {};
      const expert = new Agent({
        name: "expert",
        handoffDescription: "Knows the weather",
        model: "anthropic/claude-sonnet-4-5",
        tools: [weatherTool(cities)],
        ...thinks,
      });
      const desk = Agent.create({ name: "desk", model, handoffs: [expert], ...thinks });
      const runner = createRunner(rig, useResponses);
      const question = 'What is the weather in "Rome"?';
      const result = stream ? await runner.run(desk, question, { stream: true }) : await runner.run(desk, question);
      if ("completed" in result) await result.completed;
      expect(result.lastAgent?.name).toBe("expert");
      expect(cities).toEqual(["Rome"]);
      expect(result.finalOutput).toContain("21 degrees");
      const followUp = await createRunner(rig, useResponses).run(new Agent({ name: "scribe", model }), [
        ...result.history,
        { role: "user", content: "Write that down." },
      ]);
      expect(followUp.finalOutput).toContain("Write that down.");
      expect(rig.simulator.requests.every(({ status }) => status === 200)).toBe(true);
    });
  });

  test("gives typed output", async () => {
    const rig = createRig();
    const outputType = z.object({ city: z.string(), degrees: z.number() });
    const agent = new Agent({ name: "typist", model: "google/gemini-2.5-flash", outputType });
    const result = await createRunner(rig, useResponses).run(agent, 'What of "Oslo" at 21 degrees?');
    expect(result.finalOutput).toEqual({ city: "Oslo", degrees: 21 });
  });

  test("does not multiply the layer's retries", async () => {
    const rig = createRig();
    rig.simulator.fault({ status: 503, times: Infinity });
    const agent = new Agent({ name: "patient", model: "anthropic/claude-sonnet-4-5" });
    await expect(createRunner(rig, useResponses).run(agent, "hello")).rejects.toMatchObject({ status: 503 });
    expect(rig.simulator.requests).toHaveLength(1);
  });
});

test("an agent goes on from a response id, on any provider", async () => {
  const rig = createRig();
  const runner = createRunner(rig, true);
  const agent = new Agent({ name: "guide", model: "anthropic/claude-sonnet-4-5" });
  const first = await runner.run(agent, "one");
  const second = await runner.run(agent, "two", { previousResponseId: first.lastResponseId! });
  expect(second.finalOutput).toBe("You said: two");
  expect(JSON.stringify(rig.simulator.requests[1]!.body)).toContain("You said: one");
});
