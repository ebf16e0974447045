import { createCrosspoint, type SpendRow } from "crosspoint";
import { expect, test } from "vitest";
import { ANSWER, createProvider } from "./provider.ts";

interface Frame {
  readonly [key: string]: unknown;
  readonly type?: string;
}

interface WireCase {
  readonly wire: string;
  readonly model: string;
  readonly path: string;
  readonly ask: object;
  /** The text of the frames; fails when they are not one answer. */
  readonly read: (frames: readonly Frame[], last: string | undefined) => { readonly text: string; readonly outputTokens: number };
}

const prompt = "Say sixty words.";
const messages = [{ role: "user", content: prompt }];
const asked = { model: "main", stream: true };
/** The value at a path of keys and indexes. */
function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<string | number, unknown> | undefined)?.[key], value);
}
const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0]!;
};
const textOf = (frames: readonly Frame[], ...path: (string | number)[]): string =>
  frames.map((frame) => (at(frame, ...path) as string | undefined) ?? "").join("");

const WIRES: readonly WireCase[] = [
  {
    wire: "Chat Completions",
    model: "openai-chat/gpt-4.1",
    path: "/v1/chat/completions",
    ask: { ...asked, messages, stream_options: { include_usage: true } },
    read(frames, last) {
      expect(last).toBe("[DONE]");
      expect(new Set(frames.map(({ id }) => id)).size).toBe(1);
      expect(frames.filter((frame) => at(frame, "choices", 0, "delta", "role") !== undefined)).toHaveLength(1);
      expect(at(only(frames.filter((frame) => at(frame, "choices", 0, "finish_reason"))), "choices", 0, "finish_reason")).toBe("stop");
      const { usage } = only(frames.filter((each) => each["usage"] != null));
      return { text: textOf(frames, "choices", 0, "delta", "content"), outputTokens: at(usage, "completion_tokens") as number };
    },
  },
  {
    wire: "Responses",
    model: "openai/gpt-4.1",
    path: "/v1/responses",
    ask: { ...asked, input: prompt },
    read(frames) {
      expect(frames.map((frame) => frame["sequence_number"])).toEqual(frames.map((_, index) => index));
      for (const type of ["response.created", "response.output_item.added", "response.content_part.added", "response.output_item.done"])
        expect(frames.filter((frame) => frame.type === type)).toHaveLength(1);
      expect(new Set(frames.flatMap((frame) => frame["item_id"] ?? [])).size).toBe(1);
      const end = only(frames.filter(({ type }) => type === "response.completed"));
      expect(at(end, "response", "output", 0, "content", 0, "text")).toBe(ANSWER);
      const deltas = frames.filter(({ type }) => type === "response.output_text.delta");
      return { text: textOf(deltas, "delta"), outputTokens: at(end, "response", "usage", "output_tokens") as number };
    },
  },
  {
    wire: "Messages",
    model: "anthropic/claude-sonnet-4-5",
    path: "/v1/messages",
    ask: { ...asked, messages, max_tokens: 1_000 },
    read(frames) {
      for (const type of ["message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"])
        expect(frames.filter((frame) => frame.type === type)).toHaveLength(1);
      expect(frames.at(-1)!.type).toBe("message_stop");
      for (const frame of frames) if (frame["index"] !== undefined) expect(frame["index"]).toBe(0);
      const end = only(frames.filter(({ type }) => type === "message_delta"));
      return { text: textOf(frames, "delta", "text"), outputTokens: at(end, "usage", "output_tokens") as number };
    },
  },
  {
    wire: "Gemini",
    model: "google/gemini-2.5-flash",
    path: "/v1beta/models/main:streamGenerateContent?alt=sse",
    ask: { contents: [{ role: "user", parts: [{ text: prompt }] }] },
    read(frames) {
      expect(new Set(frames.map(({ responseId }) => responseId)).size).toBe(1);
      const end = only(frames.filter((frame) => at(frame, "candidates", 0, "finishReason")));
      expect(frames.at(-1)).toBe(end);
      return {
        text: textOf(frames, "candidates", 0, "content", "parts", 0, "text"),
        outputTokens: at(end, "usageMetadata", "candidatesTokenCount") as number,
      };
    },
  },
];

/** The wire is the provider's own, whose bytes would pass through unread. */
test.each(WIRES.flatMap((wire) => ["anthropic/claude-sonnet-4-5", "openai/gpt-4.1"].map((backup) => [wire.wire, backup, wire] as const)))(
  "%s, begun by a provider of the same wire and continued by %s, is one answer",
  async (_, backup, { model, path, ask, read }) => {
    const [first, second] = [createProvider(), createProvider()];
    first.fault({ cutAfterChunks: 40 });
    const rows: SpendRow[] = [];
    const crosspoint = createCrosspoint({
      env: {},
      providers: first.providers(),
      fetch: (input, init) => (first.requests.length === 0 ? first.fetch(input, init) : second.fetch(input, init)),
      models: { main: { deployments: [model], fallbacks: [backup] } },
      retries: 0,
      recovery: "continue",
      onSpend: (row) => void rows.push(row),
    });
    const response = await crosspoint.fetch(`http://crosspoint.invalid${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ask),
    });
    const data = (await response.text()).split("\n").flatMap((line) => (line.startsWith("data: ") ? line.slice(6) : []));
    const last = data.at(-1) === "[DONE]" ? data.pop() : undefined;
    const { text, outputTokens } = read(
      data.map((each) => JSON.parse(each) as Frame),
      last,
    );
    expect(text).toBe(ANSWER);
    expect(second.requests.map(({ status }) => status)).toEqual([200]);
    expect(rows[0]!.attempts).toHaveLength(2);
    expect(outputTokens).toBe(rows[0]!.usage!.output.total);
  },
);
