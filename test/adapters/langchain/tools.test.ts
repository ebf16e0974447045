import { RunnableLambda } from "@langchain/core/runnables";
import { DynamicStructuredTool, StructuredTool, tool } from "@langchain/core/tools";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { toToolChoice, toTools } from "../../../adapters/langchain/tools.ts";
import { MODELS, setUp } from "./support.ts";

const schema = { type: "object", properties: { a: { type: "number" } }, required: ["a"] } as const;
const shape = {
  name: "add",
  description: "Adds.",
  inputSchema: expect.objectContaining({ type: "object", properties: { a: { type: "number" } }, required: ["a"] }) as object,
};

class Adder extends StructuredTool {
  override name = "add";
  override description = "Adds.";
  override schema = z.object({ a: z.number() });
  protected override _call({ a }: { a: number }): Promise<string> {
    return Promise.resolve(String(a));
  }
}

const FORMS: Readonly<Record<string, BindToolsInput>> = {
  "a structured tool": new Adder(),
  "a tool of zod 4": tool(() => "", { name: "add", description: "Adds.", schema: z.object({ a: z.number() }) }),
  "a tool of zod 3": tool(() => "", { name: "add", description: "Adds.", schema: z3.object({ a: z3.number() }) as never }),
  "a tool of JSON Schema": new DynamicStructuredTool({ name: "add", description: "Adds.", schema, func: () => Promise.resolve("") }),
  "a runnable as tool": RunnableLambda.from(({ a }: { a: number }) => a).asTool({
    name: "add",
    description: "Adds.",
    schema: z.object({ a: z.number() }),
  }),
  "parameters of a structured tool": { name: "add", description: "Adds.", schema: z.object({ a: z.number() }) },
  "OpenAI's form": { type: "function", function: { name: "add", description: "Adds.", parameters: schema } },
  "OpenAI's form of Responses": { type: "function", name: "add", description: "Adds.", parameters: schema },
  "OpenAI's bare function": { name: "add", description: "Adds.", parameters: schema },
  "Anthropic's form": { name: "add", description: "Adds.", input_schema: schema },
  "Gemini's declarations": {
    functionDeclarations: [
      { name: "add", description: "Adds.", parameters: { type: "OBJECT", properties: { a: { type: "NUMBER" } }, required: ["a"] } },
    ],
  },
};

test.each(Object.entries(FORMS))("%s is one function", (_form, given) => {
  const before = JSON.stringify(given);
  expect(toTools([given])).toEqual([shape]);
  expect(JSON.stringify(given)).toBe(before);
});

test("a tool without description and parameters takes no arguments", () => {
  expect(toTools([{ type: "function", function: { name: "now" } }])).toEqual([
    { name: "now", inputSchema: { type: "object", properties: {} } },
  ]);
});

test("strict: of the tool itself first, then of the call", () => {
  const strict = { type: "function", function: { name: "a", parameters: schema, strict: false } };
  const [first, second] = toTools([strict, { type: "function", function: { name: "b", parameters: schema } }], true);
  expect([first, second]).toMatchObject([{ strict: false }, { strict: true }]);
});

test("what a tool carries for providers", () => {
  const extras = { cache_control: { type: "ephemeral", ttl: "1h" }, input_examples: [{ a: 1 }], defer_loading: true };
  const [made] = toTools([tool(() => "", { name: "add", description: "Adds.", schema, extras })]);
  expect(made).toMatchObject({ cache: { ttl: "1h" }, inputExamples: [{ a: 1 }], providerOptions: { anthropic: { defer_loading: true } } });
  const definition = { type: "memory_20250818", name: "memory" };
  expect(toTools([tool(() => "", { name: "memory", description: "", schema, extras: { providerToolDefinition: definition } })])).toEqual([
    { type: "provider", family: "anthropic", raw: definition },
  ]);
});

test.each([
  [{ type: "web_search_20250305", name: "web_search" }, "anthropic"],
  [{ type: "web_search" }, "openai"],
  [{ type: "web_search_preview_2025_03_11" }, "openai"],
  [{ type: "computer_use_preview" }, "openai"],
  [{ googleSearch: {} }, "google"],
  [{ codeExecution: {} }, "google"],
])("%j is run by its provider", (raw, family) => {
  expect(toTools([raw])).toEqual([{ type: "provider", family, raw }]);
});

test("a free-form tool keeps its grammar", () => {
  const grammar = { syntax: "lark", definition: "start: /a+/" };
  expect(toTools([{ type: "custom", custom: { name: "as", description: "A.", format: { type: "grammar", grammar } } }])).toEqual([
    { type: "custom", name: "as", description: "A.", format: grammar },
  ]);
});

test("what is no tool is named", () => {
  expect(() => toTools([{ name: "a", schema: z.object({}) }, { nothing: 1 }])).toThrow(/tools\[1\]/);
});

test.each([
  ["auto", "auto"],
  ["none", "none"],
  ["any", "required"],
  ["required", "required"],
  ["add", { tool: "add" }],
  [{ type: "function", function: { name: "add" } }, { tool: "add" }],
  [{ type: "function", name: "add" }, { tool: "add" }],
  [{ type: "tool", name: "add" }, { tool: "add" }],
  [{ type: "custom", custom: { name: "add" } }, { tool: "add" }],
  [{ type: "any" }, "required"],
  [
    { type: "allowed_tools", allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "a" } }] } },
    { tools: ["a"], mode: "required" },
  ],
])("the choice %j", (given, choice) => {
  expect(toToolChoice(given)).toEqual(choice);
});

test("a choice of no known form is refused, and names of Object's own are tools", () => {
  expect(() => toToolChoice({ strange: true })).toThrow(/tool_choice/);
  expect(toToolChoice("constructor")).toEqual({ tool: "constructor" });
});

describe.each(MODELS)("on %s", (model) => {
  test("every form is called with arguments that fit, once", async () => {
    const { chat } = setUp();
    for (const given of Object.values(FORMS)) {
      const { tool_calls: calls } = await chat(model).bindTools([given]).invoke("add 3");
      expect(calls).toEqual([{ type: "tool_call", id: expect.any(String) as string, name: "add", args: { a: 3 } }]);
    }
  });

  test("each choice reaches the provider; a choice without tools is none", async () => {
    const { chat } = setUp();
    for (const tool_choice of ["auto", "any", "none", "add"]) {
      const { tool_calls: calls } = await chat(model).bindTools([FORMS["OpenAI's form"]!], { tool_choice }).invoke("hello");
      expect(calls!.length).toBe(tool_choice === "none" ? 0 : 1);
    }
    expect((await chat(model).invoke("hello", { tools: [], tool_choice: "any" })).text).toBe("You said: hello");
  });
});
