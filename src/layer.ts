import type { EmbedRequest } from "./codecs/embeddings/embedding.ts";
import type { CodecId, JSONObject, ModelRequest } from "./ir/index.ts";
import type { CrosspointError } from "./ir/error.ts";
import type { Cost, ModelResponse } from "./ir/response.ts";
import type { Usage } from "./ir/usage.ts";
import type { CallRequest } from "./call-options.ts";
import type { CatalogueState } from "./pipeline/catalogue-state.ts";
import type { KeyCheck } from "./pipeline/check-key.ts";
import type { CallContext } from "./pipeline/context.ts";
import type { EmbedResponse } from "./pipeline/embed.ts";
import type { Explanation } from "./pipeline/explain.ts";
import type { ModelStream } from "./pipeline/respond.ts";
import type { EventSource } from "./pipeline/stage.ts";
import type { DeploymentHealth } from "./router/health.ts";
import type { DeploymentInfo, ModelInfo } from "./router/list-models.ts";
import type { Attribution } from "./spend/attribution.ts";
import type { BudgetQuery, BudgetState } from "./spend/budget-state.ts";
import type { SpendLogPage, SpendLogQuery, SpendQuery, SpendReport } from "./spend/report.ts";

/** One model layer over every provider. */
export interface Crosspoint {
  /** Asks a model and waits for its whole answer. */
  generate(request: CallRequest): Promise<ModelResponse>;
  /** Asks a model and reads its answer as it comes. Nothing is sent before it is read. */
  stream(request: CallRequest): ModelStream;
  /** Turns texts into vectors, in their order; long lists are sent in several requests. */
  embed(request: EmbedRequest & Omit<CallRequest, keyof ModelRequest>): Promise<EmbedResponse>;
  /** Answers the HTTP requests of OpenAI, Anthropic and Google clients in process. Rejects only for the caller's own abort. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * `fetch` without HTTP, for adapters: objects go in and come out, and streams are text. A body must be as its JSON would be read, and is not
   * to be changed before the answer has ended. Failures are answers; rejects only for the caller's own abort.
   */
  answer(call: ClientCall): Promise<ClientAnswer>;
  /**
   * The names of the `models` option, and the models that the package always knows of every provider that has a key. `all`: every model that is
   * known now, with a key or without; `catalogue()` makes that the whole catalogue.
   */
  models(query?: { readonly all?: boolean }): readonly ModelInfo[];
  /** The deployments that answer for a model name, and what they can take. Throws MODEL_NOT_FOUND. */
  deployments(model: string): readonly DeploymentInfo[];
  /** Where a call would go now, and why: candidates, why others are out, scores, fallbacks. Nothing is sent. */
  explain(request: CallRequest): Promise<Explanation>;
  /** How the deployments of the `models` option fare, and those that calls have asked besides. Mistakes in `models` are told by `problems`: a group that they spoil is left out. */
  health(): Promise<readonly DeploymentHealth[]>;
  /**
   * All that is wrong with what the options say of models, before a call meets it: each an INVALID_OPTIONS whose `param` says where. Nothing is sent, and
   * keys are not looked for.
   */
  problems(): Promise<readonly CrosspointError[]>;
  /** Asks the provider whether it takes the key that a call would use. */
  checkKey(provider: string): Promise<KeyCheck>;
  /** Loads the whole catalogue, and the list of the `catalogue` option; what is known then. Calls do this by themselves where they need it. */
  catalogue(): Promise<CatalogueState>;
  /**
   * What a usage would cost; `undefined` when a price is unknown. Throws BAD_REQUEST while the price may be in the part of the catalogue that
   * is not loaded: after `catalogue()`, or the first call to the model, it is.
   */
  cost(what: { readonly model: string; readonly usage: Usage }): Cost | undefined;
  /** Attributes every call within `body`; scopes nest, the inner one wins. */
  withAttribution<T>(attribution: Attribution, body: () => T): T;
  /** What calls used and cost, in groups: by team, model, day and so on. Needs a store, a budget or a limit. */
  spend(query?: SpendQuery): Promise<SpendReport>;
  /** The calls themselves, newest first. */
  spendLog(query?: SpendLogQuery): Promise<SpendLogPage>;
  /** The calls as CSV or JSON lines, in pieces of text. */
  exportSpend(format: "csv" | "jsonl", query?: SpendLogQuery): AsyncIterable<string>;
  /** Where budgets and limits stand; with a query, those that a call of that attribution falls under. */
  budgets(query?: BudgetQuery): Promise<readonly BudgetState[]>;
  /** Ends the calls that are under way; later ones are refused. Writes what the spend log still holds, and closes the store. */
  close(): Promise<void>;
}

/** What a client of another format asks, as an object. */
export interface ClientCall {
  readonly wire: Exclude<CodecId, "gemini">;
  readonly body: object;
  readonly headers?: Headers;
  readonly signal?: AbortSignal;
}

/** Its answer: a body, or the frames of a stream when it asked for one. */
export type ClientAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
} & ({ readonly body: JSONObject } | { readonly frames: ClientFrames });

/** Server-sent events as text, some whole ones at a time. */
export interface ClientFrames {
  /** `undefined` at the end. A failure is told in the frames. */
  pull(): Promise<string | undefined>;
  /** Ends the call; idempotent. */
  cancel(): void;
}

/** A call that is made but not begun: its context, and the way to its events. */
export interface OpenCall {
  readonly context: CallContext;
  readonly open: () => Promise<EventSource>;
}

/** Makes a call; `passThrough` names the client's wire when it would take the provider's bytes unchanged. */
export type OpenCallFunction = (request: CallRequest, stream: boolean, passThrough?: CodecId) => OpenCall;
