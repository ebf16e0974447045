import { historyPass, providerCodec } from "../../src/codecs/load.ts";
import { createCrosspoint, type Crosspoint, type CrosspointOptions } from "../../src/index.ts";

// Loaded beforehand, so that no call waits for a file: what a fake clock and a few turns bring about stays the same under load.
await providerCodec("openai-chat");
await historyPass();
await import("../../src/models/catalogue-full.gen.ts");
await import("../../src/pipeline/embed.ts");
await import("../../src/pipeline/routing.ts");
await import("../../src/pipeline/spending.ts");

/** A request as it left the layer. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal;
}

export type Reply = (sent: Sent, index: number) => Response | Promise<Response>;

/** A layer whose network is a function, and what it sent. */
export function createWired(reply: Reply, options: CrosspointOptions = {}): { readonly crosspoint: Crosspoint; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request: Sent = {
      url: input instanceof Request ? input.url : input.toString(),
      headers: new Headers(init?.headers),
      body: typeof init?.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {},
      signal: init!.signal!,
    };
    sent.push(request);
    if (request.signal.aborted) throw request.signal.reason;
    return reply(request, sent.length - 1);
  };
  const env = { OPENAI_API_KEY: "sk-test-openai-000000", GROQ_API_KEY: "gsk_test_groq_00000000", ANTHROPIC_API_KEY: "sk-ant-test-000000" };
  return { crosspoint: createCrosspoint({ env, fetch, random: () => 0.5, ...options }), sent };
}

/** A whole Chat Completions answer. */
export function chatAnswer(text: string, extra: object = {}): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    ...extra,
  });
}

/** The frames of a streamed Chat Completions answer. */
export function chatFrames(pieces: readonly string[]): string[] {
  const chunk = (delta: object, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "gpt-4o", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  return [
    chunk({ role: "assistant", content: "" }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, "stop"),
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "gpt-4o", choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } })}\n\n`,
    "data: [DONE]\n\n",
  ];
}

export interface Feed {
  readonly response: Response;
  /** Sends further bytes. */
  push(text: string): void;
  close(): void;
  fail(error: Error): void;
  readonly cancelled: boolean;
}

/** A streamed body under the test's control; it fails when the request's signal aborts, as a real one does. */
export function createFeed(signal?: AbortSignal): Feed {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (each) => void (controller = each),
    cancel: () => void (cancelled = true),
  });
  signal?.addEventListener("abort", () => {
    cancelled = true;
    try {
      controller.error(signal.reason);
    } catch {
      // closed already
    }
  });
  return {
    response: new Response(stream, { headers: { "content-type": "text/event-stream" } }),
    push: (text) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
    fail: (error) => controller.error(error),
    get cancelled() {
      return cancelled;
    },
  };
}

/** A streamed answer that is there at once. */
export function streamed(frames: readonly string[]): Response {
  const feed = createFeed();
  for (const frame of frames) feed.push(frame);
  feed.close();
  return feed.response;
}

export function failure(status: number, error: object, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { message: "no", type: "some_error", param: null, code: null, ...error } }, { status, headers });
}
