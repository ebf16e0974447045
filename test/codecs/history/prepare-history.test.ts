import { describe, expect, test } from "vitest";
import { prepareHistory } from "../../../src/codecs/prepare-history.ts";
import { CrosspointError, type Message, type ModelRequest, type Opaque, type Part } from "../../../src/ir/index.ts";
import { CODECS, FAMILY, targetOf } from "./arbitraries.ts";

const user: Message = { role: "user", content: "hi" };
const call = (id: string, name = "weather"): Part => ({ type: "tool-call", id, name, arguments: "{}" });
const result = (callId: string, output = "fine"): Part => ({ type: "tool-result", callId, output });
const assistant = (...content: Part[]): Message => ({ role: "assistant", content });
const tool = (...content: Part[]): Message => ({ role: "tool", content });
const ask = (...messages: Message[]): ModelRequest => ({ model: "any/model", messages });
const details = (warnings: readonly { details?: string }[]): string => warnings.map((warning) => warning.details).join("; ");
const idsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ content }) =>
    (content as readonly Part[]).flatMap((part) =>
      part.type === "tool-call" ? [part.id] : part.type === "tool-result" ? [part.callId] : [],
    ),
  );

describe("a conversation native to its target", () => {
  const state: Record<(typeof CODECS)[number], Opaque[]> = {
    "openai-chat": [],
    "openai-responses": [{ family: "openai", model: "model-1", kind: "encrypted-content", data: "x" }],
    "anthropic-messages": [{ family: "anthropic", model: "model-1-20260101", kind: "signature", data: "x" }],
    gemini: [{ family: "google", kind: "thought-signature", data: "x" }],
  };
  test.each(CODECS)("is handed on untouched: %s", (codec) => {
    const opaque = state[codec].length === 0 ? undefined : { opaque: state[codec] };
    const request: ModelRequest = {
      ...ask(
        { role: "system", content: "Be brief." },
        user,
        assistant(
          { type: "reasoning", text: "hm", itemId: "rs_1", ...opaque },
          { type: "text", text: "I look." },
          call("call_1"),
          call("call_2", "search"),
        ),
        tool(result("call_1")),
        tool(result("call_2")),
        { role: "system", content: "Now in French." },
        assistant({ type: "text", text: "It is fine." }),
        {
          role: "user",
          content: [
            { type: "text", text: "And?" },
            { type: "file", mediaType: "image/png", data: { type: "id", id: "f1", family: FAMILY[codec] } },
          ],
        },
      ),
      tools: [{ name: "weather" }, { name: "search" }, { type: "provider", family: FAMILY[codec], raw: {} }],
      toolChoice: "auto",
    };
    const prepared = prepareHistory(request, targetOf(codec));
    expect(prepared.warnings).toEqual([]);
    expect(prepared.request).toBe(request);
    expect(prepared.restore).toBeUndefined();
  });

  test("an OpenAI reasoning item of two texts is kept whole, though only the last part holds its state", () => {
    const request = ask(
      user,
      assistant(
        { type: "reasoning", text: "one", itemId: "rs_1" },
        { type: "reasoning", text: "two", itemId: "rs_1", opaque: [{ family: "openai", kind: "encrypted-content", data: "x" }] },
        { type: "text", text: "yes" },
      ),
      user,
    );
    expect(prepareHistory({ ...request, store: false }, targetOf("openai-responses")).warnings).toEqual([]);
  });

  test("thought summaries that Gemini leaves unsigned stay beside a part that it signed", () => {
    const request = ask(
      user,
      assistant(
        { type: "reasoning", text: "hm" },
        { type: "text", text: "", opaque: [{ family: "google", kind: "thought-signature", data: "x" }] },
        { type: "text", text: "yes" },
      ),
      user,
    );
    expect(prepareHistory(request, targetOf("gemini")).request).toBe(request);
  });
});

describe("reasoning", () => {
  const foreign: Part = { type: "reasoning", text: "secret thoughts", opaque: [{ family: "deepseek", kind: "signature", data: "x" }] };
  test.each(CODECS)("SW03 of another provider is dropped, never sent as text: %s", (codec) => {
    const { request, warnings } = prepareHistory(
      ask(user, assistant(foreign, { type: "text", text: "yes" }), user),
      targetOf(codec, { quirks: { replayReasoning: "reasoning_content" } }),
    );
    expect(request.messages[1]).toEqual(assistant({ type: "text", text: "yes" }));
    expect(warnings.map((warning) => warning.feature)).toEqual(["messages[1].content[0]", "messages[1].content[0]"]);
  });

  test("SW04 is bound to its model, whose date and host do not count", () => {
    const kept = (model: string, target: string): boolean => {
      const part: Part = { type: "reasoning", text: "hm", opaque: [{ family: "anthropic", model, kind: "signature", data: "x" }] };
      const request = ask(user, assistant(part, { type: "text", text: "yes" }), user);
      return prepareHistory(request, targetOf("anthropic-messages", { model: target })).request === request;
    };
    expect(kept("claude-sonnet-4-5-20250929", "claude-sonnet-4-5")).toBe(true);
    expect(kept("claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe(true);
    expect(kept("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-latest")).toBe(true);
    expect(kept("claude-sonnet-4-5", "claude-opus-4-5")).toBe(false);
    expect(kept("claude-sonnet-4-5", "claude-sonnet-4-6")).toBe(false);
    expect(kept("deepseek-v3", "deepseek-v4")).toBe(false);
    expect(kept("gpt-5.1", "gpt-5.2")).toBe(false);
  });

  test("SW05 without its state is kept for OpenAI only where OpenAI stored it, and its followers lose their ids with it", () => {
    const request = ask(
      user,
      assistant({ type: "reasoning", text: "", itemId: "rs_1" }, { type: "text", text: "yes", itemId: "msg_1" }),
      user,
    );
    const stored = { ...request, store: true };
    expect(prepareHistory(stored, targetOf("openai-responses")).request).toBe(stored);
    for (const stateless of [request, { ...request, store: false }]) {
      const prepared = prepareHistory(stateless, targetOf("openai-responses"));
      expect(prepared.request.messages[1]).toEqual(assistant({ type: "text", text: "yes" }));
      expect(details(prepared.warnings)).toContain("item ids");
    }
  });

  test("thought signatures of another provider leave calls and texts, which stay", () => {
    const opaque: Opaque[] = [{ family: "google", kind: "thought-signature", data: "x" }];
    const { request } = prepareHistory(
      ask(user, assistant({ type: "text", text: "I look.", opaque }, { ...call("call_1"), opaque } as Part), tool(result("call_1"))),
      targetOf("anthropic-messages"),
    );
    expect(request.messages[1]).toEqual(assistant({ type: "text", text: "I look." }, call("call_1")));
  });

  test("an envelope that was not opened is dropped and told", () => {
    const sealed: Part = { type: "reasoning", text: "", opaque: [{ family: "sealed", kind: "sealed", data: "xp1.a.b" }] };
    const { request, warnings } = prepareHistory(
      ask(user, assistant(sealed, { type: "text", text: "yes" }), user),
      targetOf("openai-responses"),
    );
    expect(request.messages[1]).toEqual(assistant({ type: "text", text: "yes" }));
    expect(details(warnings)).toContain("envelope");
  });

  test("what a turn loses is no matter of the next turn", () => {
    const request = ask(
      user,
      assistant(foreign, { type: "text", text: "yes", itemId: "msg_1" }),
      user,
      assistant({ type: "text", text: "no", itemId: "msg_2" }),
      user,
    );
    const { messages } = prepareHistory(request, targetOf("openai-responses")).request;
    expect(messages[1]).toEqual(assistant({ type: "text", text: "yes" }));
    expect(messages[3]).toBe(request.messages[3]);
  });

  test("a turn of nothing but thoughts is kept where they are replayed as text, and left out elsewhere", () => {
    const opaque: Opaque[] = [{ family: "anthropic", kind: "signature", data: "x" }];
    const { request } = prepareHistory(
      ask(user, assistant({ type: "reasoning", text: "hm", opaque }), user),
      targetOf("anthropic-messages"),
    );
    expect(request.messages).toEqual([user, user]);
    const plain = ask(user, assistant({ type: "reasoning", text: "hm" }), user);
    expect(prepareHistory(plain, targetOf("openai-chat", { quirks: { replayReasoning: "reasoning_content" } })).request).toBe(plain);
    expect(prepareHistory(plain, targetOf("openai-chat")).request.messages).toEqual([user, user]);
  });
});

describe("tool-call ids", () => {
  test("SW01 MI02 become nine letters and digits where the target wants them, the same in call and result", () => {
    const { request } = prepareHistory(
      ask(user, assistant(call("call_abcdefghijkl"), call("toolu_01X")), tool(result("call_abcdefghijkl"), result("toolu_01X"))),
      targetOf("openai-chat", { quirks: { toolCallIds: "alnum9" } }),
    );
    const [first, second, third, fourth] = idsOf(request.messages.slice(1));
    expect(first).toMatch(/^[a-z0-9]{9}$/i);
    expect([third, fourth]).toEqual([first, second]);
    expect(first).not.toBe(second);
  });

  test("OC36 longer than 64 characters are cut; a prefix that two share does not make them one", () => {
    const long = "x".repeat(80);
    const { request } = prepareHistory(
      ask(user, assistant(call(`${long}1`), call(`${long}2`)), tool(result(`${long}1`), result(`${long}2`))),
      targetOf("openai-chat"),
    );
    const ids = idsOf(request.messages.slice(1));
    expect(new Set(ids).size).toBe(2);
    expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(40);
  });

  test("AN43 are brought into Anthropic's alphabet, the same in call and result", () => {
    const ids = ["functions.weather:0", "call/1", "ein Ruf", "toolu_01"];
    const { request } = prepareHistory(
      ask(user, assistant(...ids.map((id) => call(id))), tool(...ids.map((id) => result(id)))),
      targetOf("anthropic-messages"),
    );
    const sent = idsOf(request.messages.slice(1));
    expect(sent.slice(0, 4)).toEqual(sent.slice(4));
    for (const id of sent) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(new Set(sent).size).toBe(4);
    expect(sent[3]).toBe("toolu_01");
  });

  test("an id never changes because of what comes later", () => {
    const before = [user, assistant(call("functions.weather:0")), tool(result("functions.weather:0"))];
    const after = [...before, assistant(call("functions_weather_0")), tool(result("functions_weather_0"))];
    const target = targetOf("anthropic-messages");
    const short = idsOf(prepareHistory(ask(...before), target).request.messages.slice(1));
    const long = idsOf(prepareHistory(ask(...after), target).request.messages.slice(1));
    expect(long.slice(0, 2)).toEqual(short);
    expect(new Set(long).size).toBe(2);
  });

  test("used twice in one conversation become two", () => {
    const round = [assistant(call("call_0")), tool(result("call_0"))];
    const ids = idsOf(prepareHistory(ask(user, ...round, ...round), targetOf("anthropic-messages")).request.messages.slice(1));
    expect(new Set(ids).size).toBe(2);
    expect(ids[2]).toBe(ids[3]);
  });

  test("a name from outside OpenAI's hosts is left alone where any character goes", () => {
    const request = ask(user, assistant(call("functions.weather:0")), tool(result("functions.weather:0")));
    expect(prepareHistory(request, targetOf("openai-chat")).request).toBe(request);
  });
});

describe("tool names", () => {
  const request: ModelRequest = {
    ...ask(user, assistant(call("call_1", "mcp.weather/get")), tool({ ...result("call_1"), name: "mcp.weather/get" } as Part)),
    tools: [{ name: "mcp.weather/get" }, { name: "mcp_weather_get" }],
    toolChoice: { tools: ["mcp.weather/get"] },
  };
  test("SW02 are mapped alike in tools, choice, calls and results, and back in the answer", () => {
    const { request: sent, restore } = prepareHistory(request, targetOf("anthropic-messages"));
    const names = sent.tools!.map((each) => (each as { name: string }).name);
    expect(names[1]).toBe("mcp_weather_get");
    expect(names[0]).toMatch(/^mcp_weather_get[a-z0-9]{9}$/);
    expect(sent.toolChoice).toEqual({ tools: [names[0]] });
    expect(sent.messages[1]).toEqual(assistant(call("call_1", names[0])));
    expect(sent.messages[2]).toEqual(tool({ ...result("call_1"), name: names[0], custom: false } as Part));
    const other = { type: "text-delta", id: "t", text: "x" } as const;
    expect(restore!([{ type: "tool-call-start", id: "c", name: names[0]! }, other])).toEqual([
      { type: "tool-call-start", id: "c", name: "mcp.weather/get" },
      other,
    ]);
    const plain = [other];
    expect(restore!(plain)).toBe(plain);
  });

  test("AN44 are brought into Anthropic's alphabet and back", () => {
    const names = ["get weather", "a".repeat(200), "wetter.heute", "fine_name-1"];
    const { request: sent, restore } = prepareHistory(
      { ...ask(user), tools: names.map((name) => ({ name })) },
      targetOf("anthropic-messages"),
    );
    const mapped = sent.tools!.map((each) => (each as { name: string }).name);
    for (const name of mapped) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    const back = restore!(mapped.map((name, index) => ({ type: "tool-call-start", id: `c${index}`, name })));
    expect(back.map((event) => "name" in event && event.name)).toEqual(names);
  });

  test("of two namespaces become two where the target has none", () => {
    const spaced = {
      ...ask(user),
      tools: [
        { name: "get", namespace: "a" },
        { name: "get", namespace: "b" },
      ],
    };
    const names = prepareHistory(spaced, targetOf("gemini")).request.tools!.map((each) => (each as { name: string }).name);
    expect(names[0]).toBe("get");
    expect(names[1]).not.toBe("get");
    expect(prepareHistory(spaced, targetOf("openai-responses")).request).toBe(spaced);
    const called = { ...spaced, messages: [user, assistant({ ...call("c", "get"), namespace: "b" } as Part)] };
    expect(prepareHistory(called, targetOf("gemini")).request.messages[1]).toMatchObject({ content: [{ name: names[1] }] });
  });

  test("with broken characters still agree in tool and call", () => {
    const broken: ModelRequest = { ...ask(user, assistant(call("c", "get\ud800")), tool(result("c"))), tools: [{ name: "get\ud800" }] };
    const { request: sent } = prepareHistory(broken, targetOf("openai-chat"));
    expect(sent.messages[1]).toEqual(assistant(call("c", "get_")));
    expect(sent.tools).toEqual([{ name: "get_" }]);
  });
});

describe("calls and results", () => {
  test.each(CODECS)("SW11 a call without a result gets an error result: %s", (codec) => {
    const { request, warnings } = prepareHistory(ask(user, assistant(call("a"), call("b")), tool(result("b")), user), targetOf(codec));
    expect(request.messages[2]).toEqual(
      tool({ type: "tool-result", callId: "a", name: "weather", output: expect.any(String), isError: true } as never, result("b")),
    );
    expect(request.messages[3]).toBe(user);
    expect(details(warnings)).toContain("error result");
  });

  test("a call at the very end is answered too", () => {
    const { request } = prepareHistory(ask(user, assistant(call("a"))), targetOf("openai-chat"));
    expect(request.messages.at(-1)).toMatchObject({ role: "tool", content: [{ callId: "a", isError: true }] });
  });

  test("SW11 AN45 results stand in the order of their calls, before what the user said meanwhile", () => {
    const { request } = prepareHistory(
      ask(user, assistant(call("a"), call("b")), tool(result("b")), user, tool(result("a"))),
      targetOf("gemini"),
    );
    expect(request.messages).toEqual([user, assistant(call("a"), call("b")), tool(result("a"), result("b")), user]);
  });

  test("a result without a call is told as the user's words, a second one is dropped", () => {
    const { request, warnings } = prepareHistory(
      ask(user, assistant(call("a")), tool(result("a"), result("a", "again"), result("z", "lost"))),
      targetOf("openai-responses"),
    );
    expect(request.messages.slice(2)).toEqual([
      tool(result("a")),
      { role: "user", content: [{ type: "text", text: "Result of z: lost" }] },
    ]);
    expect(warnings).toHaveLength(2);
  });

  test("one result that comes after the user's words is moved and told", () => {
    const { request, warnings } = prepareHistory(ask(user, assistant(call("a")), user, tool(result("a"))), targetOf("openai-chat"));
    expect(request.messages).toEqual([user, assistant(call("a")), tool(result("a")), user]);
    expect(details(warnings)).toContain("ordered");
  });

  test("a second result of a call that was answered turns ago is dropped", () => {
    const { request, warnings } = prepareHistory(
      ask(user, assistant(call("a")), tool(result("a")), assistant(call("b")), tool(result("b"), result("a", "again"))),
      targetOf("gemini"),
    );
    expect(request.messages.slice(4)).toEqual([tool(result("b"))]);
    expect(details(warnings)).toContain("second tool result");
  });

  test("results inside a user turn move before it", () => {
    const { request } = prepareHistory(
      ask(user, assistant(call("a")), { role: "user", content: [{ type: "text", text: "so?" }, result("a")] }),
      targetOf("openai-chat"),
    );
    expect(request.messages.slice(2)).toEqual([tool(result("a")), { role: "user", content: [{ type: "text", text: "so?" }] }]);
  });

  test("calls of two assistant messages in a row become one turn for Chat Completions", () => {
    const messages = [user, assistant(call("a")), assistant({ type: "text", text: "and" }, call("b")), tool(result("a"), result("b"))];
    expect(prepareHistory(ask(...messages), targetOf("openai-chat")).request.messages[1]).toEqual(
      assistant(call("a"), { type: "text", text: "and" }, call("b")),
    );
    expect(prepareHistory(ask(...messages), targetOf("anthropic-messages")).warnings).toEqual([]);
  });

  test("AN22 calls keep their place beside what the provider ran itself", () => {
    const block = (raw: object): Part => ({ type: "provider", family: "anthropic", codec: "anthropic-messages", raw: raw as never });
    const request = ask(
      user,
      assistant(
        block({ type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
        call("toolu_1"),
        block({ type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] }),
      ),
      tool(result("toolu_1")),
    );
    expect(prepareHistory(request, targetOf("anthropic-messages")).request).toBe(request);
  });

  test("a free-form call and its result agree on their kind", () => {
    const custom = { ...call("a"), custom: true } as Part;
    const { request } = prepareHistory(ask(user, assistant(custom)), targetOf("openai-responses"));
    expect(request.messages[2]).toMatchObject({ content: [{ callId: "a", custom: true }] });
  });
});

describe("what a target cannot take", () => {
  const image: Part = { type: "file", mediaType: "image/png", filename: "cat.png", data: { type: "base64", base64: "AAAA" } };
  const shown = (isError: boolean): ModelRequest =>
    ask(
      user,
      assistant(call("a")),
      tool({
        type: "tool-result",
        callId: "a",
        isError,
        output: { type: "content", parts: [{ type: "text", text: "here" }, image as never] },
      }),
      user,
    );

  test("SW09 files in a tool result go into a user turn of their own", () => {
    const { request } = prepareHistory(shown(false), targetOf("gemini", { traits: { toolResultMedia: false } }));
    expect(request.messages[2]).toMatchObject({
      content: [{ output: { parts: [{ text: "here" }, { type: "text", text: "[cat.png: see below]" }] } }],
    });
    expect(request.messages[3]).toEqual({ role: "user", content: [{ type: "text", text: "Files from the tool results:" }, image] });
    expect(request.messages[4]).toBe(user);
    const chat = shown(false);
    expect(prepareHistory(chat, targetOf("openai-chat", { traits: { toolResultMedia: false } })).request).toBe(chat);
  });

  test("Anthropic takes no file in the result of a failed call", () => {
    expect(prepareHistory(shown(true), targetOf("anthropic-messages")).request.messages).toHaveLength(5);
    expect(prepareHistory(shown(false), targetOf("anthropic-messages")).warnings).toEqual([]);
  });

  test("media of a kind that the model lacks are named in text", () => {
    const target = targetOf("openai-chat", { traits: { input: [] } });
    const { request, warnings } = prepareHistory(ask({ role: "user", content: [image] }), target);
    expect(request.messages[0]).toEqual({ role: "user", content: [{ type: "text", text: "[cat.png: image left out]" }] });
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "messages[0].content[0]" }]);
    expect(() => prepareHistory(ask({ role: "user", content: [image] }), { ...target, unsupported: "error" })).toThrow(
      /cannot take messages\[0\]\.content\[0\]/,
    );
    expect(prepareHistory(ask({ role: "user", content: [image] }), { ...target, unsupported: "drop" }).warnings).toEqual([]);
  });

  test("SW10 a file id of another provider is refused by its place", () => {
    const request = ask(user, {
      role: "user",
      content: [
        { type: "text", text: "see" },
        { type: "file", mediaType: "application/pdf", data: { type: "id", id: "file-1", family: "openai" } },
      ],
    });
    const error = (() => {
      try {
        return prepareHistory(request, targetOf("anthropic-messages"));
      } catch (caught) {
        return caught;
      }
    })();
    expect(CrosspointError.is(error, "UNSUPPORTED") && error.param).toBe("messages[1].content[1]");
  });

  test("SW08 another provider's blocks leave only their plain words, its tools nothing", () => {
    const block = (raw: object): Part => ({ type: "provider", family: "openai", codec: "openai-responses", raw: raw as never });
    const request: ModelRequest = {
      ...ask(
        user,
        assistant(
          block({ type: "code_interpreter_call", output: "42" }),
          block({ type: "reasoning", encrypted_content: "secret" }),
          block({ content: { output: { text: { text: "too deep" } } } }),
          {
            type: "text",
            text: "done",
          },
        ),
        user,
      ),
      tools: [{ type: "provider", family: "openai", raw: { type: "web_search" } }],
      toolChoice: "required",
      parallelToolCalls: true,
    };
    const { request: sent, warnings } = prepareHistory(request, targetOf("gemini"));
    expect(sent.messages[1]).toEqual(assistant({ type: "text", text: "42" }, { type: "text", text: "done" }));
    expect(sent).not.toHaveProperty("tools");
    expect(sent).not.toHaveProperty("toolChoice");
    expect(sent).not.toHaveProperty("parallelToolCalls");
    expect(warnings.map((warning) => warning.type).toSorted()).toEqual(["compatibility", "unsupported"]);
  });
});

describe("beginning and end", () => {
  test("AN45 a conversation that the assistant began gets a user turn first, behind the system's", () => {
    const system: Message = { role: "system", content: "s" };
    const { request } = prepareHistory(ask(system, assistant({ type: "text", text: "Hello!" }), user), targetOf("gemini"));
    expect(request.messages.map((message) => message.role)).toEqual(["system", "user", "assistant", "user"]);
    expect(prepareHistory(ask(system), targetOf("anthropic-messages")).request.messages.map((message) => message.role)).toEqual([
      "system",
      "user",
    ]);
    expect(prepareHistory(ask(system), targetOf("openai-chat")).warnings).toEqual([]);
  });

  test("SW15 a prefill is kept where it may be, without white space at its end; else a user turn follows", () => {
    const request = ask(user, { role: "assistant", content: "The answer is " });
    expect(prepareHistory(request, targetOf("anthropic-messages")).request.messages[1]).toEqual({
      role: "assistant",
      content: "The answer is",
    });
    expect(prepareHistory(request, targetOf("anthropic-messages", { traits: { prefill: false } })).request.messages[2]).toEqual({
      role: "user",
      content: "Continue.",
    });
    expect(prepareHistory(request, targetOf("openai-chat")).request).toBe(request);
  });

  test("AN45 empty texts and messages go where the wire refuses them", () => {
    const messages: Message[] = [
      {
        role: "user",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "hi" },
        ],
      },
      { role: "assistant", content: "" },
      user,
    ];
    expect(prepareHistory(ask(...messages), targetOf("anthropic-messages")).request.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "hi" }] },
      user,
    ]);
    const source = assistant({ type: "source", source: { url: "https://a.invalid" } });
    expect(prepareHistory(ask(user, source, user), targetOf("openai-chat")).request.messages).toEqual([user, user]);
    const signed = ask(
      user,
      assistant({ type: "text", text: "", opaque: [{ family: "google", kind: "thought-signature", data: "x" }] }),
      user,
    );
    expect(prepareHistory(signed, targetOf("gemini")).request).toBe(signed);
  });

  test("warnings name the caller's own places, whatever was left out before", () => {
    const { warnings } = prepareHistory(
      ask(user, { role: "assistant", content: "" }, assistant(call("a.b")), tool(result("a.b"))),
      targetOf("anthropic-messages"),
    );
    expect(warnings.map((warning) => warning.feature)).toEqual(["messages[1]", "messages[2].content[0]"]);
  });
});

describe("X16 X17 hostile values", () => {
  test("cycles, bigints, depth and lone surrogates in a tool's JSON become what JSON can hold", () => {
    const cyclic: Record<string, unknown> = { count: 12n, bad: "\ud800" };
    cyclic["self"] = cyclic;
    const shared = { twice: true };
    let deep: unknown = 1;
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    const value = { cyclic, deep, shared: [shared, shared] } as never;
    const { request } = prepareHistory(
      ask(user, assistant(call("a")), tool({ type: "tool-result", callId: "a", output: { type: "json", value } })),
      targetOf("gemini"),
    );
    const text = JSON.stringify(request.messages[2]);
    expect(text).toContain('"cyclic":{"count":"12","bad":"�","self":"[…]"}');
    expect(text).toContain('"shared":[{"twice":true},{"twice":true}]');
    expect(text.length).toBeLessThan(1000);
  });

  test("names and ids like __proto__ are ordinary words", () => {
    const request: ModelRequest = {
      ...ask(user, assistant(call("__proto__", "constructor")), tool(result("__proto__"))),
      tools: [{ name: "constructor" }],
    };
    expect(prepareHistory(request, targetOf("anthropic-messages")).request).toBe(request);
    const args = JSON.parse('{"__proto__":{"polluted":1n}}'.replace("1n", '"\\ud800"')) as never;
    prepareHistory(
      ask(user, assistant(call("a")), tool({ type: "tool-result", callId: "a", output: { type: "json", value: args } })),
      targetOf("openai-chat"),
    );
    expect({}).not.toHaveProperty("polluted");
  });

  test("SW17 a hundred changes of a kind are one warning that counts them", () => {
    const messages = Array.from({ length: 100 }, (_, index) => [assistant(call(`a.${index}`)), tool(result(`a.${index}`))]).flat();
    const { warnings } = prepareHistory(ask(user, ...messages), targetOf("anthropic-messages"));
    expect(warnings).toEqual([
      { type: "compatibility", feature: "messages[1].content[0]", details: expect.stringMatching(/\(100 times\)$/) },
    ]);
  });
});
