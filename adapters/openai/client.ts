import OpenAI, { type ClientOptions } from "openai";
import type { APIPromise } from "openai";
import type { Crosspoint } from "crosspoint";
import { AnswerPromise, type Opened } from "./answer-promise.ts";
import { readCall, WIRES, type PostOptions } from "./call.ts";
import { layerOf, openaiFetch, type OpenAIFetchOptions } from "./fetch.ts";
import { send } from "./send.ts";

/** The options of the official client that have a meaning here. Keys and URLs have none: those of the providers are the layer's. */
export type OpenAIOptions = OpenAIFetchOptions &
  Pick<
    ClientOptions,
    "timeout" | "maxRetries" | "defaultHeaders" | "defaultQuery" | "logLevel" | "logger" | "organization" | "project" | "webhookSecret"
  >;

/**
 * The official `OpenAI` client, answered by the layer in this process: chat completions, responses, embeddings and models of every provider. It
 * does not retry, because the layer does. Every answer has a `crosspoint` field, see `crosspointOf`.
 */
export function createOpenAI(crosspoint: Crosspoint, { attribution, ...options }: OpenAIOptions = {}): OpenAI {
  return new LayerClient({
    apiKey: "crosspoint",
    // A name that no resolver knows: what went past the fetch below would reach no network.
    baseURL: "http://crosspoint.invalid/v1",
    maxRetries: 0,
    // The key is a placeholder, so that a browser gives nothing away.
    dangerouslyAllowBrowser: true,
    ...options,
    fetch: openaiFetch(crosspoint, attribution === undefined ? {} : { attribution }),
  });
}

/**
 * Hands chat completions and responses to the layer as objects, without HTTP, and leaves the rest to the official client, over its fetch. So is a
 * call that asks for anything of HTTP: a query, options of the transport, retries of the client's own, its log of requests.
 */
class LayerClient extends OpenAI {
  readonly #options: ClientOptions;

  /** Takes what the official class takes: `withOptions` makes a new one by it. */
  constructor(options: ClientOptions = {}) {
    super(options);
    this.#options = options;
  }

  override post<T>(path: string, options?: PostOptions | Promise<PostOptions>): APIPromise<T> {
    const wire = WIRES[path];
    const layer = layerOf(this.#options.fetch);
    if (wire === undefined || layer === undefined || this.logLevel === "debug") return super.post<T>(path, options);
    const { timeout, maxRetries } = this;
    const opened = Promise.resolve(options).then((given = {}): Opened<T> | Promise<Opened<T>> => {
      const call = readCall(wire, given, { layer, timeout, maxRetries, defaultHeaders: this.#options.defaultHeaders });
      if (call === undefined) return { client: super.post<T>(path, given) };
      return send(call, this, (status, body, headers) => this.makeStatusError(status, body, undefined, headers));
    });
    return new AnswerPromise<T>(this, opened);
  }
}
