import { expect } from "vitest";
import { CLOCK, converse, PIXEL, seen, WEATHER, type Capability } from "../capability.ts";
import { FORMS, type Wire } from "../harness.ts";

const BOTH = [WEATHER, CLOCK] as const;

export const tools: Capability = {
  id: "tools",
  title: "Tools: call, result, answer",
  about: "two tools offered with their descriptions; the call's arguments are right, the result is linked to it, the answer uses it",
  forms: FORMS,
  async check(cell) {
    const { rig, talk } = converse(cell, { tools: BOTH });
    talk.user("What is the weather in Paris?");
    const asked = await talk.send();
    expect(asked).toMatchObject({ text: "", finish: cell.client.finish.tools, calls: [{ name: "weather", arguments: { city: "Paris" } }] });
    talk.results([{ call: asked.calls[0]!, text: "21 degrees" }]);
    const answered = await talk.send();
    expect(answered).toMatchObject({ text: "weather returned 21 degrees.", finish: cell.client.finish.stop, calls: [] });
    const offered = JSON.parse((await rig.upstream())[0]!.request) as unknown;
    expect(JSON.stringify(offered)).toContain("The weather in a city.");
    expect(JSON.stringify(offered)).toContain('"description":"Its name."');
  },
};

export const parallelTools: Capability = {
  id: "parallel-tools",
  title: "Parallel tools",
  about: "calls of two tools answered in reverse order, and two calls of one tool told apart",
  forms: FORMS,
  async check(cell) {
    const two = converse(cell, { tools: BOTH });
    two.talk.user("Tell me the weather in Paris and the clock in Rome.");
    const asked = await two.talk.send();
    expect(asked.calls).toMatchObject([
      { name: "weather", arguments: { city: "Paris" } },
      { name: "clock", arguments: { city: "Rome" } },
    ]);
    const [weather, clock] = asked.calls;
    two.talk.results([
      { call: clock!, text: "noon" },
      { call: weather!, text: "21 degrees" },
    ]);
    const { text } = await two.talk.send();
    expect(text.slice(0, -1).split("; ").sort()).toEqual(["clock returned noon", "weather returned 21 degrees"]);

    const same = converse(cell, { tools: [WEATHER] });
    same.talk.user("Look up the weather in parallel: in Oslo, in Rome.");
    const { calls } = await same.talk.send();
    expect(calls).toMatchObject([
      { name: "weather", arguments: { city: "Oslo" } },
      { name: "weather", arguments: { city: "Rome" } },
    ]);
    if (cell.client.wire !== "gemini") expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    same.talk.results(calls.map((call) => ({ call, text: `rain in ${(call.arguments as { city: string }).city}` })));
    expect((await same.talk.send()).text).toBe("weather returned rain in Oslo; weather returned rain in Rome.");
  },
};

export const toolResultImage: Capability = {
  id: "tool-result-image",
  title: "Tool result with an image",
  about: "the image's bytes reach the provider beside the result's text",
  forms: FORMS,
  cannot: (client) => (client.wire === "openai-chat" ? "the wire's tool messages hold text only, by the client's own types" : undefined),
  async check(cell) {
    for (const model of IMAGE_MODELS[cell.provider]) {
      const { talk } = converse(cell, { tools: [WEATHER], model });
      talk.user("What is the weather in Paris?");
      const { calls } = await talk.send();
      talk.results([{ call: calls[0]!, text: "see the picture", image: PIXEL }]);
      const { text } = await talk.send();
      expect(text, model).toContain("weather returned see the picture");
      expect(text, model).toContain(seen(PIXEL));
    }
  },
};

/** Models that see; of Gemini one that takes images in tool results and one that does not. */
const IMAGE_MODELS: Readonly<Record<Wire, readonly string[]>> = {
  "openai-chat": ["openai-chat/gpt-4o"],
  "openai-responses": ["openai/gpt-4.1-mini"],
  "anthropic-messages": ["anthropic/claude-sonnet-4-5"],
  gemini: ["google/gemini-2.5-flash", "google/gemini-3-pro-preview"],
};
