import { expect } from "vitest";
import { converse, WEATHER, type Capability, type Cell } from "../capability.ts";
import { FORMS, PROVIDERS, tokensIn, WIRES, type Wire } from "../harness.ts";

const QUESTION = "What is the weather in Paris?";
const THOUGHT = `The user said: ${QUESTION}. I will answer that.`;

/** A tool loop with a model that thinks; `next` answers the result. What was shown, what the providers signed, and what came back. */
async function loop(cell: Cell, model: string, next = model) {
  const { rig, talk } = converse(cell, { model, tools: [WEATHER], reasoning: true });
  talk.user(QUESTION);
  const asked = await talk.send();
  expect(asked.calls).toMatchObject([{ name: "weather", arguments: { city: "Paris" } }]);
  talk.results([{ call: asked.calls[0]!, text: "21 degrees" }]);
  const answered = await talk.send(next);
  expect(answered.text).toBe("weather returned 21 degrees.");
  const exchanges = await rig.upstream();
  // Two exchanges: nothing was refused and tried again.
  expect(exchanges.map((each) => each.status)).toEqual([200, 200]);
  const [first, second] = exchanges;
  return { asked, answered, tokens: tokensIn(first!.response), replayed: second!.request };
}

const isHidden = (client: Wire, provider: Wire): boolean => client === "openai-chat" && provider === "openai-responses";

export const reasoning: Capability = {
  id: "reasoning",
  title: "Reasoning shown, sent back, accepted",
  about: "the client sees the thoughts, sends them back with a tool's result, and the provider finds its own signature unaltered",
  forms: FORMS,
  note: (client, provider) =>
    isHidden(client.wire, provider)
      ? "Chat Completions has no field that asks for a summary, and the provider sends none unasked: the state comes back, no text is shown"
      : provider === "openai-chat"
        ? "the provider's wire has no state of reasoning: the thoughts are shown, and the next turn is accepted"
        : undefined,
  async check(cell) {
    const shown = isHidden(cell.client.wire, cell.provider) ? "" : THOUGHT;
    for (const model of PROVIDERS[cell.provider].thinking) {
      const { asked, answered, tokens, replayed } = await loop(cell, model);
      expect(asked.reasoning, model).toBe(shown);
      expect(answered.reasoning, model).toBe(shown);
      // Chat Completions has no state of reasoning.
      expect(tokens.length > 0, model).toBe(cell.provider !== "openai-chat");
      for (const token of tokens) expect(replayed, model).toContain(token);
    }
  },
};

export const handover: Capability = {
  id: "reasoning-handover",
  title: "Reasoning of this provider, answered by the others",
  about:
    "the tool's result goes to each thinking model of the three other providers: nothing of this provider's state does, and none refuses",
  forms: FORMS,
  async check(cell) {
    for (const model of PROVIDERS[cell.provider].thinking) {
      for (const other of WIRES.filter((wire) => wire !== cell.provider)) {
        for (const next of PROVIDERS[other].thinking) {
          const { tokens, replayed } = await loop(cell, model, next);
          for (const token of tokens) expect(replayed, `${model} to ${next}`).not.toContain(token);
          expect(replayed, `${model} to ${next}`).not.toContain("xp1.");
        }
      }
    }
  },
};
