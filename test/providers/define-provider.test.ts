import { describe, expect, test } from "vitest";
import { CrosspointError } from "../../src/ir/index.ts";
import { defineProvider, type ProviderRow } from "../../src/providers/provider.ts";

const good: ProviderRow = { id: "lab", codec: "openai-chat", baseURL: "https://lab.example/v1", keyEnv: ["LAB_API_KEY"] };

test("a row is checked and frozen through and through", () => {
  const row = defineProvider({ ...good, quirks: { maxStop: 4 }, headers: { "x-lab": "{LAB_TEAM}" }, auth: { header: "x-lab-key" } });
  expect(Object.isFrozen(row)).toBe(true);
  expect(Object.isFrozen(row.quirks)).toBe(true);
  expect(Object.isFrozen(row.keyEnv)).toBe(true);
  expect(row.baseURL).toBe("https://lab.example/v1");
});

test("placeholders are welcome in a base URL, also as its beginning", () => {
  for (const baseURL of ["https://{account}.lab.example/v1", "${LAB_URL}/v1", "https://lab.{region|LAB_REGION}.example/v1"]) {
    expect(defineProvider({ ...good, baseURL }).baseURL).toBe(baseURL);
  }
});

describe("what is refused, and how it is named", () => {
  const cases: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ["no id", { id: "" }, /needs an id/],
    ["an id with a slash", { id: "a/b" }, /needs an id/],
    ["a hostile id", { id: "__proto__" }, /needs an id/],
    ["an id that is no text", { id: 7 }, /needs an id/],
    ["an unknown codec", { codec: "telepathy" }, /provider lab: codec must be one of openai-chat/],
    ["a codec from the prototype", { codec: "toString" }, /codec must be/],
    ["an empty base URL", { baseURL: " " }, /baseURL must be a URL/],
    ["a missing base URL", { baseURL: undefined }, /baseURL is missing/],
    ["a missing codec", { codec: undefined }, /codec is missing/],
    ["a misspelt field", { keyenv: ["X"] }, /unknown field "keyenv".*keyEnv/],
    ["a base URL that is none", { baseURL: "lab.example/v1" }, /baseURL must be/],
    ["another protocol", { baseURL: "ftp://lab.example" }, /baseURL must be a URL/],
    ["credentials in the base URL", { baseURL: "https://me:hidden@lab.example" }, /baseURL must be a URL/],
    ["a query", { baseURL: "https://lab.example/v1?x=1" }, /baseURL must be a URL/],
    ["keyEnv that is no list", { keyEnv: "LAB_API_KEY" }, /keyEnv must be a list/],
    ["an empty name in keyEnv", { keyEnv: [""] }, /keyEnv must be a list/],
    ["an unknown auth", { auth: "basic" }, /auth must be/],
    ["an auth header that is none", { auth: { header: "x y" } }, /auth must be/],
    ["auth null", { auth: null }, /auth must be/],
    ["a header that would break the line", { headers: { "x-a": "b\r\nx-c: d" } }, /header x-a/],
    ["a header name that is none", { headers: { "x:a": "b" } }, /no header name/],
    ["quirks that are no object", { quirks: "none" }, /quirks must be an object/],
    ["an alias with a slash", { aliases: ["a/b"] }, /aliases/],
    ["a family that is no text", { family: 1 }, /family must be a text/],
  ];
  test.each(cases)("%s", (_name, field, message) => {
    let caught: unknown;
    try {
      defineProvider({ ...good, ...field } as ProviderRow);
    } catch (error) {
      caught = error;
    }
    expect(CrosspointError.is(caught, "INVALID_OPTIONS")).toBe(true);
    expect((caught as Error).message).toMatch(message);
    expect((caught as Error).message).not.toContain("hidden");
  });

  test.each([null, undefined, "row", 3])("%o is no row", (row) => {
    expect(() => defineProvider(row as unknown as ProviderRow)).toThrow(/needs an id/);
  });
});
