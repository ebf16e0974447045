import { expect } from "vitest";
import type { Simulator, Wire } from "crosspoint/testing";

export type Body = Record<string, unknown>;

const PATHS: Record<Wire, (model: string, stream: boolean) => string> = {
  "openai-chat": () => "/v1/chat/completions",
  "openai-responses": () => "/v1/responses",
  "anthropic-messages": () => "/v1/messages",
  gemini: (model, stream) => `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
};

const HEADERS: Record<Wire, Record<string, string>> = {
  "openai-chat": { authorization: "Bearer key" },
  "openai-responses": { authorization: "Bearer key" },
  "anthropic-messages": { "x-api-key": "key", "anthropic-version": "2026-10-21" },
  gemini: { "x-goog-api-key": "key" },
};

export const WIRES = Object.keys(PATHS) as Wire[];

/** A plain request of each wire. */
export const PLAIN: Record<Wire, Body> = {
  "openai-chat": { model: "gpt-4.1", messages: [{ role: "user", content: "hello there" }] },
  "openai-responses": { model: "gpt-4.1", input: "hello there" },
  "anthropic-messages": { model: "claude-sonnet-4-6", max_tokens: 2000, messages: [{ role: "user", content: "hello there" }] },
  gemini: { model: "gemini-2.5-flash", contents: [{ role: "user", parts: [{ text: "hello there" }] }] },
};

/** Sends a body on a wire; Gemini's `model` and `stream` go into the path. */
export function send(
  simulator: Pick<Simulator, "fetch">,
  wire: Wire,
  body: Body,
  headers: Record<string, string> = {},
  init: RequestInit = {},
): Promise<Response> {
  const { model, stream, ...rest } = body;
  const sent = wire === "gemini" ? rest : body;
  const url = `http://simulator.invalid${PATHS[wire](String(model), stream === true)}`;
  return simulator.fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...HEADERS[wire], ...headers },
    body: JSON.stringify(sent),
    ...init,
  });
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: unknown;
  readonly type: unknown;
}

/** What an error response says, in whichever form. */
export async function refusal(response: Response): Promise<Refusal> {
  const body = (await response.json()) as { error?: { message?: string; code?: unknown; type?: unknown; status?: unknown } };
  return {
    status: response.status,
    message: body.error?.message ?? "accepted",
    code: body.error?.code,
    type: body.error?.type ?? body.error?.status,
  };
}

/** The body of a successful answer; `body` is laid over the plain request. */
export async function answer(simulator: Pick<Simulator, "fetch">, wire: Wire, body: Body): Promise<Body> {
  const response = await send(simulator, wire, { ...PLAIN[wire], ...body });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

interface ChatMessage {
  readonly content: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
}

export function chatMessage(body: Body): ChatMessage | undefined {
  return (body["choices"] as { message: ChatMessage }[])[0]?.message;
}
