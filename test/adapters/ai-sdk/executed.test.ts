import { anthropic } from "@ai-sdk/anthropic";
import { google } from "@ai-sdk/google";
import { openai } from "@ai-sdk/openai";
import { generateText, isStepCount, streamText, type ModelMessage, type ToolSet } from "ai";
import { describe, expect, test } from "vitest";
import { createCrosspoint } from "crosspoint";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import "./support.ts";

/** Answers every request with the next body, and keeps what was asked. */
function serve(...bodies: object[]) {
  const asked: Record<string, unknown>[] = [];
  const fetch = ((_url: unknown, init?: RequestInit) => {
    asked.push(JSON.parse(init!.body as string) as Record<string, unknown>);
    return Promise.resolve(Response.json(bodies[asked.length - 1] ?? bodies.at(-1)));
  }) as typeof globalThis.fetch;
  const key = { apiKey: "k" };
  const crosspoint = createCrosspoint({ env: {}, fetch, providers: { openai: key, anthropic: key, google: key } });
  return { asked, provider: createCrosspointProvider(crosspoint) };
}

const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "oslo" } };
const said = (text: string, annotations: object[] = []) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations }],
});
const responses = (...output: object[]) => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "gpt-5-mini",
  output,
  usage,
});

describe("OpenAI", () => {
  const citation = { type: "url_citation", url: "https://oslo.no", title: "Oslo", start_index: 0, end_index: 4 };

  test("its search is a call and a result, its citations are sources, and both go back", async () => {
    const { provider, asked } = serve(responses(search, said("Oslo is fine.", [citation])));
    const tools = {
      search: openai.tools.webSearch({ searchContextSize: "low", filters: { allowedDomains: ["oslo.no"] } }),
    } as unknown as ToolSet;
    const settings = { model: provider("openai/gpt-5-mini"), tools };
    const result = await generateText({ ...settings, prompt: "x", toolChoice: { type: "tool", toolName: "search" } });
    expect(asked[0]).toMatchObject({
      tools: [{ type: "web_search", search_context_size: "low", filters: { allowed_domains: ["oslo.no"] } }],
      tool_choice: { type: "web_search" },
    });
    expect(result.content.map(({ type }) => type)).toEqual(["tool-call", "tool-result", "text", "source"]);
    expect(result.toolCalls[0]).toMatchObject({ toolCallId: "ws_1", toolName: "search", providerExecuted: true });
    expect(result.toolResults[0]!.output).toMatchObject({ action: { query: "oslo" } });
    expect(result.sources).toMatchObject([{ sourceType: "url", url: "https://oslo.no", title: "Oslo" }]);
    expect(result.content[2]).toMatchObject({ citations: [{ startIndex: 0, endIndex: 4, source: { url: "https://oslo.no" } }] });
    expect(result.steps).toHaveLength(1);
    const messages: ModelMessage[] = [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }];
    await generateText({ ...settings, messages });
    const input = asked[1]!["input"] as { type?: string }[];
    expect(input.filter(({ type }) => type === "web_search_call")).toEqual([search]);
    expect(JSON.stringify(input)).toContain("url_citation");
  });

  test("a shell that the caller runs", async () => {
    const call = {
      type: "local_shell_call",
      id: "ls_1",
      call_id: "call_1",
      status: "completed",
      action: { type: "exec", command: ["ls"], env: {} },
    };
    const { provider, asked } = serve(responses(call), responses(said("done")));
    const shell = openai.tools.localShell({ execute: () => Promise.resolve({ output: "a.txt" }) });
    const result = await generateText({
      model: provider("openai/gpt-5-mini"),
      tools: { shell } as unknown as ToolSet,
      prompt: "x",
      stopWhen: isStepCount(3),
    });
    expect(result.steps[0]!.toolCalls[0]).toMatchObject({ toolName: "shell", input: { action: { command: ["ls"] } } });
    expect(result.text).toBe("done");
    const input = asked[1]!["input"] as unknown[];
    expect(input.slice(-2)).toEqual([call, { type: "local_shell_call_output", call_id: "call_1", output: "a.txt" }]);
  });

  test("free-form tools", async () => {
    const call = { type: "custom_tool_call", id: "ct_1", call_id: "call_1", name: "sql", input: "SELECT 1" };
    const { provider, asked } = serve(responses(call), responses(said("one")));
    const sql = openai.tools.customTool({
      description: "Runs SQL",
      format: { type: "grammar", syntax: "lark", definition: "start: /.+/" },
      execute: () => Promise.resolve("1"),
    } as never);
    const result = await generateText({
      model: provider("openai/gpt-5-mini"),
      tools: { sql } as unknown as ToolSet,
      prompt: "x",
      stopWhen: isStepCount(3),
    });
    expect(asked[0]!["tools"]).toMatchObject([{ type: "custom", name: "sql", description: "Runs SQL", format: { syntax: "lark" } }]);
    expect(result.steps[0]!.toolCalls[0]).toMatchObject({ toolName: "sql", input: "SELECT 1" });
    expect((asked[1]!["input"] as unknown[]).slice(-2)).toMatchObject([
      { type: "custom_tool_call", call_id: "call_1", input: "SELECT 1" },
      { type: "custom_tool_call_output", call_id: "call_1", output: "1" },
    ]);
  });
});

describe("Anthropic", () => {
  const use = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "oslo" } };
  const found = {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_1",
    content: [{ type: "web_search_result", url: "https://oslo.no", title: "Oslo", encrypted_content: "e", page_age: null }],
  };
  const message = (...content: object[]) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content,
    stop_reason: content.some((block) => (block as { type: string }).type === "tool_use") ? "tool_use" : "end_turn",
    usage: { input_tokens: 1, output_tokens: 1 },
  });

  test("its search is a call and a result, and both blocks go back as they were", async () => {
    const { provider, asked } = serve(message(use, found, { type: "text", text: "Fine." }));
    const tools = { lookup: anthropic.tools.webSearch_20250305({ maxUses: 2, allowedDomains: ["oslo.no"] }) } as unknown as ToolSet;
    const settings = { model: provider("anthropic/claude-sonnet-4-5"), tools };
    const result = await generateText({ ...settings, prompt: "x" });
    expect(asked[0]!["tools"]).toEqual([{ type: "web_search_20250305", name: "web_search", max_uses: 2, allowed_domains: ["oslo.no"] }]);
    expect(result.toolCalls[0]).toMatchObject({ toolName: "lookup", input: { query: "oslo" }, providerExecuted: true });
    expect(result.toolResults[0]).toMatchObject({ toolName: "lookup", toolCallId: "srvtoolu_1" });
    await generateText({
      ...settings,
      messages: [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }],
    });
    const [, turn] = asked[1]!["messages"] as { content: unknown[] }[];
    expect(turn!.content).toEqual([use, found, { type: "text", text: "Fine." }]);
  });

  test("a tool that it defines and the caller runs keeps the caller's name", async () => {
    const { provider, asked } = serve(
      message({ type: "tool_use", id: "toolu_1", name: "bash", input: { command: "ls" } }),
      message({ type: "text", text: "ok" }),
    );
    const shell = anthropic.tools.bash_20250124({ execute: ({ command }) => Promise.resolve(`ran ${command}`) });
    const settings = { model: provider("anthropic/claude-sonnet-4-5"), tools: { shell } as unknown as ToolSet, stopWhen: isStepCount(3) };
    const result = await generateText({ ...settings, prompt: "x" });
    expect(asked[0]!["tools"]).toEqual([{ type: "bash_20250124", name: "bash" }]);
    expect(result.steps[0]!.toolCalls[0]).toMatchObject({ toolName: "shell", input: { command: "ls" } });
    expect(result.text).toBe("ok");
    expect(asked[1]!["messages"]).toMatchObject([
      {},
      { content: [{ type: "tool_use", name: "bash" }] },
      { content: [{ type: "tool_result", tool_use_id: "toolu_1" }] },
    ]);
  });

  test("a block without a face of its own is a custom part, and goes back", async () => {
    const compaction = { type: "compaction", content: "so far", encrypted_content: "e" };
    const { provider, asked } = serve(message(compaction, { type: "text", text: "on" }));
    const model = provider("anthropic/claude-sonnet-4-5");
    const result = await generateText({ model, prompt: "x" });
    expect(result.content[0]).toMatchObject({ type: "custom", kind: "anthropic.compaction" });
    await generateText({ model, messages: [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }] });
    expect((asked[1]!["messages"] as { content: unknown[] }[])[1]!.content[0]).toEqual(compaction);
  });
});

test("Google runs code", async () => {
  const parts = [
    { executableCode: { language: "PYTHON", code: "print(1)" } },
    { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n" } },
    { text: "One." },
  ];
  const { provider, asked } = serve({
    candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: "gemini-2.5-flash",
  });
  const settings = { model: provider("google/gemini-2.5-flash"), tools: { run: google.tools.codeExecution({}) } as unknown as ToolSet };
  const result = await generateText({ ...settings, prompt: "x" });
  expect(asked[0]!["tools"]).toEqual([{ codeExecution: {} }]);
  expect(result.toolCalls[0]).toMatchObject({ toolName: "run", input: { code: "print(1)" }, providerExecuted: true });
  expect(result.toolResults[0]!.output).toMatchObject({ outcome: "OUTCOME_OK" });
  await generateText({
    ...settings,
    messages: [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }],
  });
  expect((asked[1]!["contents"] as { parts: unknown[] }[])[1]!.parts).toEqual(parts);
});

test("a conversation with a tool that one provider ran goes on with another", async () => {
  const first = serve(responses(search, said("Oslo is fine.")));
  const tools = { search: openai.tools.webSearch({}) } as unknown as ToolSet;
  const result = await generateText({ model: first.provider("openai/gpt-5-mini"), tools, prompt: "x" });
  const second = serve({
    id: "m",
    type: "message",
    role: "assistant",
    model: "c",
    content: [{ type: "text", text: "ok" }],
    stop_reason: "end_turn",
    usage,
  });
  const messages: ModelMessage[] = [{ role: "user", content: "x" }, ...result.responseMessages, { role: "user", content: "y" }];
  const next = await generateText({ model: second.provider("anthropic/claude-sonnet-4-5"), tools, messages });
  expect(next.text).toBe("ok");
  expect(next.warnings!.map((warning) => ("feature" in warning ? warning.feature : ""))).toContain("tools[0]");
  expect(JSON.stringify(second.asked[0])).not.toContain("web_search_call");
});

test("streams show what the provider ran, too", async () => {
  const { provider } = serve(responses(search, said("Oslo is fine.")));
  const tools = { search: openai.tools.webSearch({}) } as unknown as ToolSet;
  const types: string[] = [];
  for await (const part of streamText({ model: provider("openai/gpt-5-mini"), tools, prompt: "x" }).stream) types.push(part.type);
  expect(types).toContain("tool-call");
  expect(types.indexOf("tool-result")).toBeGreaterThan(types.indexOf("tool-call"));
});
