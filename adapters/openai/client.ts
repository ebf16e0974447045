import OpenAI, { type ClientOptions } from "openai";
import type { Crosspoint } from "crosspoint";
import { openaiFetch, type OpenAIFetchOptions } from "./fetch.ts";

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
  return new OpenAI({
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
