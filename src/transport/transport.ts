import type { JSONObject } from "../ir/json.ts";

/** One HTTP exchange as the layer needs it; how the bytes travel is the transport's business. */
export interface TransportRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The same one by one, names in lower case: making `Headers` of twenty costs more than all that is read from them. */
  fields(): Iterable<readonly [name: string, value: string]>;
  /** The whole body as text. */
  text(): Promise<string>;
  /** The body as chunks; closing it closes the connection. */
  bytes(): ByteSource;
}

/** What one read of a body gives; the form of the platform's own readers, so that theirs is passed on as it is. */
export interface ByteRead {
  readonly done: boolean;
  /** The chunk; absent at the end. */
  readonly value?: Uint8Array | undefined;
}

/** Chunks of a body, pulled one at a time. */
export interface ByteSource {
  /** The next chunk, or the end. Rejects when the connection breaks. */
  read(): Promise<ByteRead>;
  /** Closes the connection; idempotent. */
  cancel(): void;
}

/** Sends a request. Rejects when no answer came; an answer with any status resolves. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** What travels between the layer and a provider, as it is: prompts and answers, never credentials. Attempts follow each other. */
export type WireEvent =
  /** `json` is what `body` was written from; not to be changed. */
  | { readonly type: "request"; readonly url: string; readonly body: string; readonly json: JSONObject }
  | { readonly type: "response"; readonly status: number; readonly headers: Headers }
  /** The data of one frame of a stream, or a whole body. */
  | { readonly type: "data"; readonly data: string };
