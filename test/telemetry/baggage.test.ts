import { context, propagation, type Baggage } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { chatAnswer } from "../support/wire.ts";
import { createTraced } from "./support/spans.ts";

const request = { model: "openai-chat/gpt-4o", messages: [{ role: "user", content: "Hi" }] } as const;

function within<T>(entries: Record<string, string>, body: () => T): T {
  const values = Object.entries(entries).map(([key, value]) => [key, { value }] as const);
  return context.with(propagation.setBaggage(context.active(), propagation.createBaggage(Object.fromEntries(values))), body);
}

const entriesOf = (baggage: Baggage | undefined): Record<string, string> =>
  Object.fromEntries((baggage?.getAllEntries() ?? []).map(([key, { value }]) => [key, value]));

describe("baggage", () => {
  const sent = { "user.id": "u1", "crosspoint.team.id": "search", "session.id": "x".repeat(600), other: "no" };

  test("read: calls have what came with their trace, below what is said here", async () => {
    const { crosspoint, rows, spans } = createTraced(
      () => chatAnswer("Hello"),
      { attribution: { team: "base", project: "base" } },
      { baggage: "read" },
    );
    await within(sent, () => crosspoint.generate(request));
    await within(sent, () =>
      crosspoint.withAttribution({ team: "scope" }, () => crosspoint.generate({ ...request, attribution: { user: "own" } })),
    );
    expect(rows.map(({ attribution }) => attribution)).toEqual([
      { user: "u1", team: "search", project: "base" },
      { user: "own", team: "scope", project: "base" },
    ]);
    expect(spans()[0]!.attributes).toMatchObject({ "user.id": "u1", "crosspoint.team.id": "search" });
  });

  test.each(["none", "write"] as const)("%s: nothing of it is believed", async (baggage) => {
    const { crosspoint, rows } = createTraced(() => chatAnswer("Hello"), {}, { baggage });
    await within(sent, () => crosspoint.generate(request));
    expect(rows[0]!.attribution).toBeUndefined();
  });

  test("write: it goes with what the program sends, beside what was there, and to no provider", async () => {
    const seen: unknown[] = [];
    const { crosspoint } = createTraced(() => (seen.push(propagation.getActiveBaggage()), chatAnswer("Hello")), {}, { baggage: "write" });
    await within({ other: "kept" }, () =>
      crosspoint.withAttribution({ user: "u1", team: "search", tags: ["x"] }, async () => {
        expect(entriesOf(propagation.getActiveBaggage())).toEqual({ other: "kept", "user.id": "u1", "crosspoint.team.id": "search" });
        await crosspoint.generate(request);
      }),
    );
    expect(seen).toEqual([undefined]);
    crosspoint.withAttribution({ project: "bot" }, () => {
      const baggage = propagation.getActiveBaggage()!;
      expect(entriesOf(baggage)).toEqual({ "crosspoint.project.id": "bot" });
      expect(entriesOf(baggage.setEntry("a", { value: "1" }).removeEntry("crosspoint.project.id"))).toEqual({ a: "1" });
      expect(entriesOf(baggage.clear())).toEqual({});
    });
  });

  test("by default nothing is written", () => {
    const { crosspoint } = createTraced(() => chatAnswer("Hello"));
    crosspoint.withAttribution({ user: "u1" }, () => expect(propagation.getActiveBaggage()).toBeUndefined());
  });
});
