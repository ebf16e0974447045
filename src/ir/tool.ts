import type { CacheHint, ProviderOptions } from "./content.ts";
import type { JSONObject } from "./json.ts";

/** A function that the model may call with JSON arguments. */
export interface FunctionTool {
  readonly type?: "function";
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent means no arguments. */
  readonly inputSchema?: JSONObject;
  readonly outputSchema?: JSONObject;
  readonly inputExamples?: readonly JSONObject[];
  /** The provider guarantees arguments that fit the schema. */
  readonly strict?: boolean;
  readonly namespace?: string;
  readonly cache?: CacheHint;
  readonly providerOptions?: ProviderOptions;
}

/** A tool that takes free text, perhaps bound by a grammar. */
export interface CustomTool {
  readonly type: "custom";
  readonly name: string;
  readonly description?: string;
  readonly format?: { readonly syntax: "lark" | "regex"; readonly definition: string };
  readonly cache?: CacheHint;
  readonly providerOptions?: ProviderOptions;
}

/** A tool that the provider runs itself, as its own wire writes it; dropped with a warning elsewhere. */
export interface ProviderTool {
  readonly type: "provider";
  /** The family of providers that knows it (`openai`, `anthropic`, `google`, …). */
  readonly family: string;
  /** The tool object of that wire, verbatim. */
  readonly raw: JSONObject;
}

export type Tool = FunctionTool | CustomTool | ProviderTool;

/** `{ tool }` forces one tool, `{ tools }` allows a subset (`mode` default `auto`). */
export type ToolChoice =
  | "auto"
  | "none"
  | "required"
  | { readonly tool: string }
  | { readonly tools: readonly string[]; readonly mode?: "auto" | "required" };
