import type { Form, Rig, Wire } from "./harness.ts";

export interface Media {
  readonly mediaType: "image/png" | "application/pdf";
  readonly base64: string;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  readonly schema: Record<string, unknown>;
}

/** What a conversation is about, in no client's words. */
export interface Ask {
  readonly model: string;
  readonly system?: string;
  readonly tools?: readonly ToolOffer[];
  /** JSON Schema of the answer. */
  readonly schema?: Record<string, unknown>;
  readonly reasoning?: boolean;
  readonly recode?: boolean;
}

export interface Tokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
}

/** An answer as the official client showed it. */
export interface Reply {
  readonly id: string;
  /** What the client shows of the HTTP request, where it shows any. */
  readonly requestId?: string | null | undefined;
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Call[];
  /** The client's own word. */
  readonly finish: string | null | undefined;
  /** Text pieces that carried something. */
  readonly pieces: readonly string[];
  /** As the client reports it: what is inclusive and what is not is the wire's own affair. */
  readonly usage: Tokens;
}

/** A conversation that an official client leads: it sends back what it was given, in its own types. */
export interface Conversation {
  user(text: string, ...media: readonly Media[]): void;
  results(results: readonly { readonly call: Call; readonly text: string; readonly image?: Media }[]): void;
  /** Continues with another model. */
  send(model?: string): Promise<Reply>;
}

/** What a client throws, as its user sees it. */
export interface Thrown {
  /** Name of the class. */
  readonly kind: string;
  readonly isOwn: boolean;
  readonly status: number | undefined;
  readonly message: string;
  /** The word by which programs know the error on this wire. */
  readonly code: string | null | undefined;
  readonly requestId: string | null | undefined;
}

/** One official client on one wire. */
export interface Client {
  readonly wire: Wire;
  readonly title: string;
  /** What its wire calls the ends of an answer. */
  readonly finish: { readonly stop: string; readonly tools: string };
  start(rig: Rig, ask: Ask, form: Form): Conversation;
  explain(error: unknown): Thrown;
}
