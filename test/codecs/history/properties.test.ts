import fc from "../../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { prepareHistory } from "../../../src/codecs/prepare-history.ts";
import type { StreamEvent } from "../../../src/ir/index.ts";
import { request, target } from "./arbitraries.ts";
import { expectAcceptable } from "./wire-rules.ts";

const runs = { numRuns: 1000 };

describe("any conversation, any target", () => {
  test("SW01 SW02 SW03 SW08 SW11 the result is what the wire accepts", () => {
    fc.assert(
      fc.property(request, target, (asked, to) => {
        expectAcceptable(prepareHistory(asked, to).request, to);
      }),
      runs,
    );
  });

  test("preparing twice changes nothing more, not even a reference", () => {
    fc.assert(
      fc.property(request, target, (asked, to) => {
        const once = prepareHistory(asked, to).request;
        const twice = prepareHistory(once, to);
        expect(twice.warnings).toEqual([]);
        expect(twice.request).toBe(once);
      }),
      runs,
    );
  });

  test("SW17 what changed is told, and what is told changed", () => {
    fc.assert(
      fc.property(request, target, (asked, to) => {
        const prepared = prepareHistory(asked, to);
        expect(prepared.request === asked).toBe(prepared.warnings.length === 0);
        const kinds = prepared.warnings.map((warning) => warning.details?.replace(/ \(\d+ times\)$/, ""));
        expect(new Set(kinds).size).toBe(kinds.length);
      }),
      runs,
    );
  });

  test("the request itself is not touched", () => {
    fc.assert(
      fc.property(request, target, (asked, to) => {
        const before = structuredClone(asked);
        prepareHistory(asked, to);
        expect(asked).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test("SW02 every renamed tool comes back under the caller's name", () => {
    fc.assert(
      fc.property(request, target, (asked, to) => {
        const { output: _output, ...plain } = asked;
        const { request: sent, restore } = prepareHistory(plain, to);
        const own = (plain.tools ?? []).flatMap((tool) => (tool.type === "provider" ? [] : [tool.name]));
        const calls = (sent.tools ?? []).flatMap((tool): StreamEvent[] =>
          tool.type === "provider" ? [] : [{ type: "tool-call-start", id: tool.name, name: tool.name }],
        );
        const heard = (restore?.(calls) ?? calls).map((event) => (event as { name: string }).name);
        expect(new Set(heard)).toEqual(new Set(own));
      }),
      runs,
    );
  });
});
