import { createSimulator, type Simulator, type SimulatorOptions, type Wire } from "crosspoint/testing";
import { createCrosspoint, type Crosspoint } from "../../src/index.ts";

/** The four wires, on either side. */
export type { Wire };
export const WIRES = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"] as const satisfies readonly Wire[];

/** How a client asks for its answer. */
export type Form = "whole" | "streamed";
export const FORMS = ["whole", "streamed"] as const satisfies readonly Form[];

export interface ProviderSide {
  readonly id: "openai" | "openai-chat" | "anthropic" | "google";
  /** Where the provider's own error says what is wrong. */
  readonly model: string;
  /** Models that think, each of its own kind. */
  readonly thinking: readonly string[];
}

export const PROVIDERS: Readonly<Record<Wire, ProviderSide>> = {
  "openai-chat": { id: "openai-chat", model: "openai-chat/gpt-4o", thinking: ["openai-chat/gpt-5-mini"] },
  "openai-responses": { id: "openai", model: "openai/gpt-4.1-mini", thinking: ["openai/gpt-5-mini"] },
  "anthropic-messages": {
    id: "anthropic",
    model: "anthropic/claude-sonnet-4-5",
    thinking: ["anthropic/claude-sonnet-4-5", "anthropic/claude-opus-4-7"],
  },
  gemini: { id: "google", model: "google/gemini-2.5-flash", thinking: ["google/gemini-2.5-flash", "google/gemini-3-pro-preview"] },
};

/** One exchange with the simulated provider, as it went over the wire. */
export interface Upstream {
  readonly wire: Wire;
  readonly path: string;
  readonly status: number;
  readonly request: string;
  readonly response: string;
}

/** A layer on simulated providers, with what passed on either side of it. */
export interface Rig {
  readonly crosspoint: Crosspoint;
  readonly simulator: Simulator;
  /** What official clients are given as their fetch. */
  readonly fetch: typeof globalThis.fetch;
  /** Answers of the providers, in order, complete once the client has read its own. */
  upstream(): Promise<readonly Upstream[]>;
  /** Bodies that clients received. */
  downstream(): Promise<readonly { readonly path: string; readonly contentType: string; readonly body: string }[]>;
}

export interface RigOptions extends SimulatorOptions {
  /** Has the layer decode and encode also where client and provider speak the same wire. */
  readonly recode?: boolean;
  readonly apiKey?: string;
}

const BASE = "http://crosspoint.invalid";

/** Base URLs as each official client wants them. */
export const BASE_URLS = { openai: `${BASE}/v1`, anthropic: BASE, google: BASE };

export function createRig({ recode = false, apiKey, ...options }: RigOptions = {}): Rig {
  const simulator = createSimulator(options);
  const upstream: Promise<Upstream>[] = [];
  const downstream: Promise<{ readonly path: string; readonly contentType: string; readonly body: string }>[] = [];
  const network: typeof globalThis.fetch = async (input, init) => {
    const sent = typeof init?.body === "string" ? init.body : "";
    const response = await simulator.fetch(input, init);
    const { wire, path } = simulator.requests.at(-1)!;
    upstream.push(
      response
        .clone()
        .text()
        .then((body) => ({ wire, path, status: response.status, request: sent, response: body })),
    );
    return response;
  };
  const providers = Object.fromEntries(
    Object.entries(simulator.providers()).map(([id, settings]) => [id, apiKey === undefined ? settings : { ...settings, apiKey }]),
  );
  const crosspoint = createCrosspoint({ env: {}, fetch: network, providers, retries: 0 });
  return {
    crosspoint,
    simulator,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      if (recode) headers.set("x-crosspoint-cost", "true");
      const response = await crosspoint.fetch(input, { ...init, headers });
      const path = new URL(input instanceof Request ? input.url : input).pathname;
      const contentType = response.headers.get("content-type") ?? "";
      downstream.push(
        response
          .clone()
          .text()
          .then((body) => ({ path, contentType, body })),
      );
      return response;
    },
    upstream: () => Promise.all(upstream),
    downstream: () => Promise.all(downstream),
  };
}

/** The opaque state that providers handed out: signatures, encrypted reasoning, thought signatures. */
export function tokensIn(body: string): readonly string[] {
  const found = body.matchAll(/"(?:signature|encrypted_content|thoughtSignature|data)":\s*"([A-Za-z0-9+/=_-]{40,})"/g);
  return [...new Set([...found].map(([, token]) => token!))];
}
