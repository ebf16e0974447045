import fc from "../../support/fast-check.ts";
import { expect, test } from "vitest";
import { prepareHistory } from "../../../src/codecs/prepare-history.ts";
import { isSettled } from "../../../src/codecs/settled.ts";
import type { Message, ModelRequest, Part, Tool } from "../../../src/ir/index.ts";
import { CODECS, targetOf } from "./arbitraries.ts";

/** Mostly the good value, now and then one of the others. */
function mostly<T>(good: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, fc.constantFrom(...others));
}

const text = mostly("It is fine.", "", " ", "ends ", "\ud800");
const textPart = text.map((each): Part => ({ type: "text", text: each }));
const turn = (index: number): fc.Arbitrary<readonly Message[]> =>
  fc.oneof(
    { weight: 4, arbitrary: text.map((content): Message[] => [{ role: "user", content }]) },
    textPart.map((part): Message[] => [{ role: "user", content: [part] }]),
    text.map((content): Message[] => [{ role: "system", content }]),
    { weight: 2, arbitrary: text.map((content): Message[] => [{ role: "assistant", content }]) },
    {
      weight: 6,
      arbitrary: fc
        .record({
          before: fc.boolean(),
          count: fc.integer({ min: 1, max: 2 }),
          id: mostly(`call_${index}`, "call_0", "", "with space", "x".repeat(70)),
          name: mostly("weather", "search", "9lives", "a.b", "\ud800"),
          args: mostly("{}", "", "\udc00"),
          answerId: mostly(true, false),
          output: mostly<unknown>(
            "ok",
            "",
            "\ud800",
            { type: "text", value: 1 },
            { type: "json", value: { a: 1n } },
            { type: "text", text: "x" },
          ),
          extra: mostly<object>({}, { namespace: "n" }, { custom: true }, { opaque: [{ family: "x", kind: "k", data: "d" }] }),
          apart: fc.boolean(),
          left: mostly(0, 1),
        })
        .map(({ before, count, id, name, args, answerId, output, extra, apart, left }): Message[] => {
          const ids = Array.from({ length: count }, (_, at) => (at === 0 ? id : `${id}_${at}`));
          const calls = ids.map((each): Part => ({ type: "tool-call", id: each, name, arguments: args, ...extra }));
          const results = ids
            .slice(left)
            .map((each): Part => ({ type: "tool-result", callId: answerId ? each : "other", output: output as string }));
          const asked: Message = { role: "assistant", content: before ? [{ type: "text", text: "I look." }, ...calls] : calls };
          return [
            asked,
            ...(apart
              ? results.map((each): Message => ({ role: "tool", content: [each] }))
              : [{ role: "tool" as const, content: results }]),
          ];
        }),
    },
  );
const tools = fc.array(
  fc.record({ name: mostly("weather", "search", "9lives", "a.b"), description: mostly("Looks.", "\ud800") }) as fc.Arbitrary<Tool>,
  { maxLength: 2 },
);
const request: fc.Arbitrary<ModelRequest> = fc
  .record({
    turns: fc.tuple(turn(0), turn(1), turn(2), turn(3)),
    last: mostly<Message[]>([{ role: "user", content: "And?" }], []),
    tools,
    toolChoice: mostly<ModelRequest["toolChoice"] & {}>("auto", { tool: "9lives" }, { tools: ["search"] }),
  })
  .map(({ turns, last, ...rest }) => ({
    model: "any/model",
    messages: [{ role: "user", content: "Hi" }, ...turns.flat(), ...last],
    ...rest,
  }));

test.each(CODECS)("what counts as settled is what the full pass leaves alone: %s", (codec) => {
  let settled = 0;
  fc.assert(
    fc.property(request, fc.boolean(), (asked, prefill) => {
      const target = targetOf(codec, { traits: { prefill } });
      if (!isSettled(asked, target)) return;
      settled++;
      const prepared = prepareHistory(asked, target);
      expect(prepared.warnings).toEqual([]);
      expect(prepared.request).toBe(asked);
      expect(prepared.restore).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
  expect(settled).toBeGreaterThan(50);
});

test.each(CODECS)("the turn of an agent needs no pass: %s", (codec) => {
  const asked: ModelRequest = {
    model: "any/model",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Weather?" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool-call", id: "call_1", name: "weather", arguments: "{}" },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", callId: "call_1", name: "weather", output: "fine" }] },
      { role: "assistant", content: "Fine." },
      { role: "user", content: "Thanks." },
    ],
    tools: [{ name: "weather", inputSchema: { type: "object" } }],
    toolChoice: { tool: "weather" },
  };
  expect(isSettled(asked, targetOf(codec))).toBe(true);
});
