import fc from "../support/fast-check.ts";
import { describe, expect, it } from "vitest";
import { createSimulator } from "crosspoint/testing";
import { PLAIN, WIRES, send } from "./request.ts";

/** A plain request with one value somewhere in it replaced by anything. */
function mutate(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return replacement;
  const changed = mutate((value as Record<string, unknown>)[key], rest, replacement);
  return Array.isArray(value)
    ? value.map((item, index) => (String(index) === key ? changed : (item as unknown)))
    : { ...value, [key]: changed };
}

const strict = createSimulator({ clock: () => 0 });
const lenient = createSimulator({ strict: false, clock: () => 0 });

describe.each(WIRES)("%s with hostile requests", (wire) => {
  const full = {
    ...PLAIN[wire],
    tools: [
      {
        type: "function",
        name: "f",
        function: { name: "f", parameters: { type: "object", properties: { a: { type: "array" } } } },
        functionDeclarations: [{ name: "f" }],
      },
    ],
    generationConfig: { thinkingConfig: {}, responseJsonSchema: { type: "object" } },
    thinking: { type: "enabled", budget_tokens: 1024 },
    reasoning: { effort: "low" },
    tool_choice: { type: "function" },
  };

  it("answers or refuses, and never breaks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
        fc.jsonValue(),
        fc.boolean(),
        async (path, replacement, stream) => {
          for (const simulator of [strict, lenient]) {
            for (const base of [full, PLAIN[wire]]) {
              const body = mutate(base, path, replacement) as Record<string, unknown>;
              const response = await send(simulator, wire, { ...body, model: PLAIN[wire]["model"], stream });
              expect([200, 400, 404]).toContain(response.status);
              await response.text();
              expect(simulator.open).toBe(0);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
