import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SECTIONS } from "../../scripts/conformance-cases.ts";
import { findTests, PAGE, renderPage } from "../../scripts/conformance.ts";

const cases = SECTIONS.flatMap((section) => section.cases);
const tests = findTests();

describe("conformance", () => {
  test("no case stands twice, and the cases of a kind are numbered in order", () => {
    const ids = cases.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { cases: group } of SECTIONS) expect(group.map(([id]) => id)).toEqual(group.map(([id]) => id).toSorted());
  });

  test("every case that is built has a test under its id, in our way where that is another", () => {
    const untested = cases.filter(([id, , note]) => !(note !== undefined && "out" in note) && !tests.has(id)).map(([id]) => id);
    expect(untested).toEqual([]);
  });

  test("nothing that has a test is called not built", () => {
    expect(cases.filter(([id, , note]) => note !== undefined && "out" in note && tests.has(id)).map(([id]) => id)).toEqual([]);
  });

  test("every id in a title is a case", () => {
    const known = new Set(cases.map(([id]) => id));
    const strangers = [...tests.keys()].filter((id) => !known.has(id) && /^(?:X|OC|OR|AN|GG|MI|GR|DS|XA|CP|SW|C|E)\d/.test(id));
    expect(strangers).toEqual([]);
  });

  test("the page is current: node scripts/conformance.ts writes it", () => {
    expect(readFileSync(PAGE, "utf8")).toBe(renderPage(tests));
  });
});
