import type { Wire } from "../types.ts";

export type Operation =
  | "generate"
  | "count-tokens"
  | "embed"
  | "embed-batch"
  | "list-models"
  | "get-model"
  | "get-response"
  | "delete-response";

export interface Route {
  readonly operation: Operation;
  /** Whose errors are spoken here. */
  readonly wire: Wire;
  /** Model or resource named by the path. */
  readonly name: string;
  /** Streaming asked by the path. */
  readonly stream: boolean;
}

interface Pattern {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: RegExp;
  readonly wire: Wire;
  readonly operation: Operation;
}

const PATTERNS: readonly Pattern[] = [
  { method: "POST", path: /\/chat\/completions$/, wire: "openai-chat", operation: "generate" },
  { method: "POST", path: /\/responses$/, wire: "openai-responses", operation: "generate" },
  { method: "POST", path: /\/responses\/input_tokens$/, wire: "openai-responses", operation: "count-tokens" },
  { method: "GET", path: /\/responses\/([^/]+)$/, wire: "openai-responses", operation: "get-response" },
  { method: "DELETE", path: /\/responses\/([^/]+)$/, wire: "openai-responses", operation: "delete-response" },
  { method: "POST", path: /\/messages$/, wire: "anthropic-messages", operation: "generate" },
  { method: "POST", path: /\/messages\/count_tokens$/, wire: "anthropic-messages", operation: "count-tokens" },
  { method: "POST", path: /\/embeddings$/, wire: "openai-chat", operation: "embed" },
  { method: "POST", path: /\/(?:models|tunedModels)\/(.+):(?:stream)?[gG]enerateContent$/, wire: "gemini", operation: "generate" },
  { method: "POST", path: /\/models\/(.+):countTokens$/, wire: "gemini", operation: "count-tokens" },
  { method: "POST", path: /\/models\/(.+):embedContent$/, wire: "gemini", operation: "embed" },
  { method: "POST", path: /\/models\/(.+):batchEmbedContents$/, wire: "gemini", operation: "embed-batch" },
  { method: "GET", path: /\/models$/, wire: "openai-chat", operation: "list-models" },
  { method: "GET", path: /\/models\/(.+)$/, wire: "openai-chat", operation: "get-model" },
];

/** Which provider and which of its operations a request is for; only the wire when there is none. */
export function findRoute(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Route | { readonly operation: undefined; readonly wire: Wire; readonly methods: readonly string[] } {
  const wire: Wire =
    path.includes("/v1beta") || headers["x-goog-api-key"] !== undefined
      ? "gemini"
      : headers["anthropic-version"] === undefined
        ? "openai-chat"
        : "anthropic-messages";
  const fits = PATTERNS.filter((pattern) => pattern.path.test(path));
  const found = fits.find((pattern) => pattern.method === method);
  if (found === undefined) return { operation: undefined, wire: fits[0]?.wire ?? wire, methods: fits.map((pattern) => pattern.method) };
  const shared = found.operation === "list-models" || found.operation === "get-model";
  return {
    operation: found.operation,
    wire: shared ? wire : found.wire,
    name: decodeName(found.path.exec(path)?.[1] ?? ""),
    stream: path.endsWith(":streamGenerateContent"),
  };
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
