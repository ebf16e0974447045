import type { CrosspointError } from "../ir/error.ts";
import { CrosspointError as Failure } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { JSONObject } from "../ir/json.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { ModelResponse, Warning } from "../ir/response.ts";
import type { CodecId, Target } from "../ir/target.ts";
import type { Usage } from "../ir/usage.ts";

/** A request in a provider's words. */
export interface EncodedRequest {
  /** Relative to the provider's base URL, with a leading slash. */
  readonly path: string;
  readonly body: JSONObject;
  /** Headers that the wire needs (beta flags); credentials are not among them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
}

/** What a decoder knows of the request that it hears the answer to. */
export interface DecodeContext {
  readonly target: Target;
  readonly request: ModelRequest;
  /** Makes an id where the provider sends none; unique within the process. */
  readonly newId: (prefix: string) => string;
}

/**
 * Turns the frames of one stream into events. Both calls append to `out` and never hold it. `push` throws the provider's error
 * when the stream carries one; a frame that is no JSON is skipped and reported in the warnings of `response-end`.
 */
export interface StreamDecoder {
  /** One frame: its `data` joined, and its `event` name where it has one. */
  push(data: string, event: string | undefined, out: StreamEvent[]): void;
  /** The connection closed. Emits what is open and `response-end`, or throws STREAM_INTERRUPTED when the answer was not finished. */
  end(out: StreamEvent[]): void;
  /** True once the answer is complete, so that the connection need not be read further. */
  readonly done: boolean;
  /** What the provider has told of its usage so far, where it does before the end. */
  readonly usage?: Usage | undefined;
}

/** What a client asked over its own wire. */
export interface ClientRequest {
  readonly request: ModelRequest;
  readonly stream: boolean;
  /** Chat Completions: the client wants the usage chunk. */
  readonly includeUsage?: boolean;
  /** Chat Completions: the client declared `functions` and reads its call from `function_call`. */
  readonly legacyFunctions?: boolean;
  readonly warnings: readonly Warning[];
}

/** What a client decoder knows besides the body. */
export interface ClientRoute {
  /** The model and the stream switch where the URL carries them (Gemini). */
  readonly model?: string;
  readonly stream?: boolean;
  readonly headers?: Headers;
}

/** What an encoder towards a client needs to know. */
export interface EncodeContext {
  /** The request that is answered; Responses echoes its fields. */
  readonly client: ClientRequest;
  readonly newId: (prefix: string) => string;
  /** Seconds since 1970. */
  readonly now: number;
  /** Extra fields for the body's `crosspoint` object, on wires whose clients ignore unknown fields. */
  readonly extension?: (response: { usage?: ModelResponse["usage"]; cost?: ModelResponse["cost"] }) => JSONObject | undefined;
}

/** Turns events into the text of a client's stream, frames included. */
export interface StreamEncoder {
  /** The frames for these events, in one string; empty when they show nothing on this wire. */
  push(events: readonly StreamEvent[]): string;
  /** The frames that report a failure after the stream began. */
  fail(error: CrosspointError): string;
  /** Responses: the response object as it stands. */
  response?(): JSONObject;
}

/** An answer to a failed request in a wire's own form. */
export interface EncodedError {
  readonly status: number;
  readonly body: JSONObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One wire format towards providers. All functions are pure; a decoder holds only its own stream's state. */
export interface ProviderCodec {
  readonly id: CodecId;
  encodeRequest(request: ModelRequest, target: Target, stream: boolean): EncodedRequest;
  /** A whole answer as the events that its stream would have been. Throws the error that a 200 body may carry. */
  decodeResponse(body: unknown, context: DecodeContext): StreamEvent[];
  decodeStream(context: DecodeContext): StreamDecoder;
  /** An answer with a status other than 2xx, or an error object found inside a stream. */
  decodeError(status: number, body: unknown, headers: Headers | undefined): CrosspointError;
}

/** One wire format towards clients. All functions are pure; an encoder holds only its own stream's state. */
export interface ClientCodec {
  readonly id: CodecId;
  /** Throws BAD_REQUEST with `param` for what is no request of this wire. */
  decodeRequest(body: unknown, route: ClientRoute): ClientRequest;
  encodeResponse(response: ModelResponse, context: EncodeContext): JSONObject;
  encodeStream(context: EncodeContext): StreamEncoder;
  encodeError(error: CrosspointError): EncodedError;
}

/** One wire format, both directions. */
export type Codec = ProviderCodec & ClientCodec;

/** Reports a setting that the target cannot take, as `target.unsupported` says: collects, stays silent, or throws UNSUPPORTED. */
export function reportUnsupported(target: Target, warnings: Warning[], feature: string, details: string): void {
  if (target.unsupported === "drop") return;
  if (target.unsupported === "error") {
    throw new Failure("UNSUPPORTED", `${target.provider}/${target.model} cannot take ${feature}: ${details}`, {
      provider: target.provider,
      model: target.model,
      param: feature,
    });
  }
  warnings.push({ type: "unsupported", feature, details });
}
