import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createEnvelopes, openRequest, sealEvents, sealResponse } from "../../../src/codecs/envelope.ts";
import { accumulate, type Message, type ModelResponse, type Opaque, type Part, type StreamEvent } from "../../../src/ir/index.ts";

const HOUR = 3_600_000;
let time = 1_800_000_000_000;
const envelopes = createEnvelopes({ secret: "one secret for all", now: () => time });
const opaque: Opaque = { family: "anthropic", model: "claude", kind: "signature", data: "c2lnbmF0dXJl" };
const opaques = fc.record(
  { family: fc.string(), model: fc.string(), kind: fc.string(), data: fc.string({ unit: "grapheme" }) },
  { requiredKeys: ["family", "kind", "data"] },
);

describe("an envelope", () => {
  test("opens to what was sealed", async () => {
    await fc.assert(
      fc.asyncProperty(opaques, async (each) => {
        expect(await envelopes.open(await envelopes.seal(each))).toEqual(each);
      }),
    );
    expect(await envelopes.seal(opaque)).toMatch(/^xp1\.[\w-]+\.[\w-]{43}$/);
  });

  test("that was touched in any place, or made elsewhere, does not open", async () => {
    const sealed = await envelopes.seal(opaque);
    for (let at = 0; at < sealed.length; at += 1) {
      for (const other of ["A", "B", ".", "é"]) {
        if (sealed[at] === other) continue;
        expect(await envelopes.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBeUndefined();
      }
      expect(await envelopes.open(sealed.slice(0, at))).toBeUndefined();
    }
    expect(await createEnvelopes({ secret: "another" }).open(sealed)).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await envelopes.open(`xp1.${text}`)).toBeUndefined();
      }),
    );
  });

  test("holds for its time", async () => {
    const sealed = await envelopes.seal(opaque);
    const brief = createEnvelopes({ secret: "one secret for all", ttl: 2 * HOUR, now: () => time });
    const start = time;
    try {
      time = start + 1.9 * HOUR;
      expect(await brief.open(sealed)).toEqual(opaque);
      time = start + 3.1 * HOUR;
      expect(await brief.open(sealed)).toBeUndefined();
      time = start + 30 * 24 * HOUR;
      expect(await envelopes.open(sealed)).toEqual(opaque);
      time = start + (30 * 24 + 1.1) * HOUR;
      expect(await envelopes.open(sealed)).toBeUndefined();
    } finally {
      time = start;
    }
  });

  test("is bounded", async () => {
    const large = { ...opaque, data: "x".repeat(520_000) };
    expect(await envelopes.open(await envelopes.seal(large))).toEqual(large);
    expect(await envelopes.open(await envelopes.seal({ ...opaque, data: "x".repeat(900_000) }))).toBeUndefined();
    expect(() => createEnvelopes({ secret: "" })).toThrow(/secret/);
  });
});

describe("an answer", () => {
  const events: StreamEvent[] = [
    { type: "response-start" },
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-end", id: "r", opaque: [opaque] },
    { type: "tool-call-start", id: "c", name: "n" },
    { type: "tool-call-end", id: "c", opaque: [opaque, { ...opaque, family: "openai" }] },
    { type: "part", part: { type: "file", mediaType: "image/png", data: { type: "url", url: "https://a.invalid" }, opaque: [opaque] } },
  ];
  test("is sealed for clients of another family, and only for them", async () => {
    const own = events.slice(0, 3);
    expect(sealEvents(own, envelopes, "anthropic")).toBe(own);
    const plain = events.slice(0, 2);
    expect(sealEvents(plain, envelopes, undefined)).toBe(plain);
    const sealed = await sealEvents(events, envelopes, "openai");
    const states = sealed.flatMap((event) => (event.type === "part" ? event.part.opaque! : "opaque" in event ? event.opaque! : []));
    expect(states.map((state) => state.sealed !== undefined)).toEqual([true, true, false, true]);
    for (const state of states) if (state.sealed !== undefined) expect(await envelopes.open(state.sealed)).toEqual(opaque);
    expect(await sealEvents(sealed, envelopes, "openai")).toBe(sealed);
    const huge: StreamEvent[] = [{ type: "text-end", id: "t", opaque: [{ ...opaque, data: "x".repeat(900_000) }] }];
    expect(sealEvents(huge, envelopes, undefined)).toBe(huge);
  });

  test("whole is sealed like its events", async () => {
    const response = { ...accumulate(events), provider: "p", deployment: "d", attempts: [] } as ModelResponse;
    const sealed = await sealResponse(response, envelopes, "openai");
    expect(sealed.content).toEqual(accumulate(await sealEvents(events, envelopes, "openai")).content);
    expect(sealed.toolCalls).toEqual(sealed.content.filter((part) => part.type === "tool-call"));
    expect(sealResponse({ ...response, content: [] }, envelopes, "openai")).toMatchObject({ content: [] });
    const choices = [{ content: response.content, finishReason: response.finishReason }];
    expect((await sealResponse({ ...response, choices }, envelopes, "openai")).choices![0]!.content).toEqual(sealed.content);
    const native = { ...response, content: [{ type: "text", text: "hi", opaque: [opaque] }] } as ModelResponse;
    expect(sealResponse(native, envelopes, "anthropic")).toBe(native);
  });
});

describe("a client's request", () => {
  const user: Message = { role: "user", content: "hi" };
  const open = (...content: Part[]) => openRequest({ model: "m", messages: [user, { role: "assistant", content }] }, envelopes);
  const sealedPart = async (state: Opaque, part: Part): Promise<Part> => ({
    ...part,
    opaque: [{ family: "sealed", kind: "sealed", data: await envelopes.seal(state) }],
  });
  const thought: Part = { type: "reasoning", text: "" };
  const call: Part = { type: "tool-call", id: "c", name: "n", arguments: "{}" };

  test("without envelopes is handed on as it is", async () => {
    const request = { model: "m", messages: [user, { role: "assistant" as const, content: [{ ...thought, opaque: [opaque] }] }] };
    expect(await openRequest(request, envelopes)).toEqual({ request, warnings: [] });
    expect((await openRequest(request, envelopes)).request).toBe(request);
  });

  test("has its envelopes opened in their places", async () => {
    const { request, warnings } = await open(await sealedPart(opaque, thought), call);
    expect(request.messages[1]!.content).toEqual([{ ...thought, opaque: [opaque] }, call]);
    expect(request.messages[0]).toBe(user);
    expect(warnings).toEqual([]);
  });

  test("a thought signature returns to the call or the text behind its carrier", async () => {
    const signature: Opaque = { family: "google", kind: "thought-signature", data: "x" };
    const carrier = await sealedPart(signature, thought);
    expect((await open(carrier, call)).request.messages[1]!.content).toEqual([{ ...call, opaque: [signature] }]);
    const other: Part = { type: "tool-call", id: "d", name: "n", arguments: "{}" };
    expect((await open({ type: "text", text: "t" }, carrier, call, other)).request.messages[1]!.content).toEqual([
      { type: "text", text: "t" },
      { ...call, opaque: [signature] },
      other,
    ]);
    expect((await open(carrier)).request.messages[1]!.content).toEqual([{ ...thought, opaque: [signature] }]);
    const spoken = await sealedPart(signature, { type: "reasoning", text: "hm" });
    expect((await open(spoken, call)).request.messages[1]!.content).toEqual([{ type: "reasoning", text: "hm", opaque: [signature] }, call]);
  });

  test("forged envelopes are dropped and told once, with their empty carriers", async () => {
    const forged: Part = { ...thought, opaque: [{ family: "sealed", kind: "sealed", data: "xp1.AAAA.BBBB" }] };
    const { request, warnings } = await open(forged, { ...forged, text: "hm" } as Part, call);
    expect(request.messages[1]!.content).toEqual([{ type: "reasoning", text: "hm" }, call]);
    expect(warnings).toEqual([{ type: "compatibility", feature: "messages[1].content[0]", details: expect.stringContaining("2 times") }]);
  });
});
