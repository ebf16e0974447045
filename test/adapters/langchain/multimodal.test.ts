import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage, type MessageContent } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { MODELS, setUp, weather } from "./support.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PDF = "JVBERi0xLjQKJSVFT0Y=";
const human = (...blocks: readonly object[]): HumanMessage =>
  new HumanMessage({ content: [{ type: "text", text: "look" }, ...blocks] as MessageContent });

/** Forms in which an image is written; every one must reach every provider. */
const IMAGES: Readonly<Record<string, object>> = {
  "legacy base64": { type: "image", source_type: "base64", mime_type: "image/png", data: PNG },
  "legacy data URL": { type: "image", source_type: "url", url: `data:image/png;base64,${PNG}` },
  standard: { type: "image", mimeType: "image/png", data: PNG },
  "OpenAI's": { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
  "Anthropic's": { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
  "Gemini's": { inlineData: { mimeType: "image/png", data: PNG } },
  bytes: { type: "image", mimeType: "image/png", data: Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0)) },
};

describe.each(MODELS)("on %s", (model) => {
  test("an image of any form reaches the provider, whole and streamed", async () => {
    const { simulator, chat } = setUp();
    for (const image of Object.values(IMAGES)) {
      expect((await chat(model).invoke([human(image)])).text).toContain("image/png");
      expect(JSON.stringify(simulator.requests.at(-1)!.body)).toContain(PNG);
    }
    const marked = new HumanMessage({
      content: [{ type: "text", text: "look" }, IMAGES["standard"]] as MessageContent,
      response_metadata: { output_version: "v1" },
    });
    expect((await chat(model).invoke([marked])).text).toContain("image/png");
  });

  test("documents and texts", async () => {
    const { chat } = setUp();
    const files = [
      { type: "file", source_type: "base64", mime_type: "application/pdf", data: PDF, metadata: { filename: "a.pdf" } },
      { type: "file", source_type: "text", text: "hello" },
      { type: "text", source_type: "text", text: "hello" },
      { type: "file", source_type: "url", mime_type: "text/plain", url: "data:text/plain;base64,aGVsbG8=" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hello" } },
    ];
    for (const file of files) expect((await chat(model).invoke([human(file)])).text).not.toBe("");
  });

  test("an image in a tool's result, an error, and a result with an artifact", async () => {
    const { simulator, chat } = setUp();
    const call = (id: string) => ({ id, name: "weather", args: { city: "Oslo" }, type: "tool_call" }) as const;
    const messages: BaseMessage[] = [
      new HumanMessage("weather in Oslo"),
      new AIMessage({ content: "", tool_calls: [call("c1"), call("c2"), call("c3")] }),
      new ToolMessage({ content: [{ type: "text", text: "seen" }, IMAGES["standard"]] as MessageContent, tool_call_id: "c1" }),
      new ToolMessage({ content: "boom", tool_call_id: "c2", status: "error", artifact: { hidden: "artifact" } }),
      new ToolMessage({ content: "fine", tool_call_id: "c3" }),
    ];
    const answer = await chat(model).invoke(messages, { tools: [weather] });
    expect(answer.text).not.toBe("");
    const body = JSON.stringify(simulator.requests.at(-1)!.body);
    expect(body).toContain("boom");
    expect(body).not.toContain("artifact");
    if (model !== "openai-chat/gpt-4o") expect(body).toContain(PNG);
  });

  test("several system, user and assistant messages in a row; an interrupted loop; a result that no call asked for", async () => {
    const { chat } = setUp();
    const double = [
      new SystemMessage("a"),
      new SystemMessage("b"),
      new HumanMessage("c"),
      new HumanMessage("d"),
      new AIMessage("e"),
      new AIMessage("f"),
      new HumanMessage("g"),
    ];
    expect((await chat(model).invoke(double)).text).not.toBe("");
    const open = new AIMessage({ content: "", tool_calls: [{ id: "c1", name: "weather", args: {} }] });
    expect(
      (await chat(model).invoke([new HumanMessage("a"), open, new HumanMessage("never mind")], { tools: [weather] })).text,
    ).toBeDefined();
    const cut = new AIMessage({ content: "", invalid_tool_calls: [{ id: "c1", name: "weather", args: '{"city', error: "cut" }] });
    const result = new ToolMessage({ content: "no arguments", tool_call_id: "c1", status: "error" });
    expect((await chat(model).invoke([new HumanMessage("a"), cut, result], { tools: [weather] })).text).not.toBe("");
    expect(
      (await chat(model).invoke([new HumanMessage("a"), new ToolMessage({ content: "lost", tool_call_id: "zz" }), new HumanMessage("b")]))
        .text,
    ).not.toBe("");
  });

  test("names with spaces, odd ids, empty and blank texts", async () => {
    const { chat } = setUp();
    const call = { id: "call:with odd/characters and a very long tail ".padEnd(90, "x"), name: "weather", args: { city: "Oslo" } };
    const messages = [
      new HumanMessage({ content: "weather in Oslo", name: "bob smith" }),
      new AIMessage({ content: [{ type: "text", text: "" }], tool_calls: [call], name: "my agent" }),
      new ToolMessage({ content: "", tool_call_id: call.id }),
    ];
    expect((await chat(model).invoke(messages, { tools: [weather] })).response_metadata["attempts"]).toHaveLength(1);
    expect((await chat(model).invoke([new HumanMessage("a"), new AIMessage("  "), new HumanMessage("b")])).text).not.toBe("");
  });
});
