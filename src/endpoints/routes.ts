import type { CodecId } from "../ir/target.ts";

/** What a client's URL asks for. */
export type Route =
  | { readonly kind: "generate"; readonly codec: CodecId; readonly model?: string; readonly stream?: boolean }
  | { readonly kind: "count-tokens"; readonly codec: CodecId; readonly model?: string }
  | { readonly kind: "embed"; readonly wire: "openai" }
  | { readonly kind: "embed"; readonly wire: "gemini"; readonly model: string; readonly batch: boolean }
  | {
      readonly kind: "kept-response";
      readonly codec: "openai-responses";
      readonly id: string;
      readonly what: "response" | "input" | "delete";
    }
  | { readonly kind: "models"; readonly wire: "openai" | "gemini"; readonly id?: string };

const FIXED: Readonly<Record<string, Route>> = {
  "POST /chat/completions": { kind: "generate", codec: "openai-chat" },
  "POST /responses": { kind: "generate", codec: "openai-responses" },
  "POST /responses/input_tokens": { kind: "count-tokens", codec: "openai-responses" },
  "POST /messages": { kind: "generate", codec: "anthropic-messages" },
  "POST /messages/count_tokens": { kind: "count-tokens", codec: "anthropic-messages" },
  "POST /embeddings": { kind: "embed", wire: "openai" },
  "GET /models": { kind: "models", wire: "openai" },
};

/** Finds the route; base URLs are accepted with and without a version, and for OpenAI's also behind `/openai`. */
export function findRoute(method: string, url: URL): Route | undefined {
  const gemini = /^\/v1(?:beta|alpha)\/(?:models|tunedModels)(?:\/(.+))?$/.exec(url.pathname);
  if (gemini !== null) return geminiRoute(method, gemini[1]);
  const path = url.pathname
    .replace(/^\/openai(?=\/)/, "")
    .replace(/^\/v1(?=\/)/, "")
    .replace(/\/+$/, "");
  const key = `${method} ${path}`;
  if (Object.hasOwn(FIXED, key)) return FIXED[key];
  if (path.startsWith("/models/")) {
    if (method === "GET") return { kind: "models", wire: "openai", id: decode(path.slice("/models/".length)) };
    return geminiRoute(method, path.slice("/models/".length));
  }
  const kept = /^\/responses\/([^/]+)(\/input_items)?$/.exec(path);
  return kept === null ? undefined : keptRoute(method, decode(kept[1]!), kept[2] !== undefined);
}

function keptRoute(method: string, id: string, input: boolean): Route | undefined {
  const what = method === "GET" ? (input ? "input" : "response") : method === "DELETE" && !input ? "delete" : undefined;
  return what && { kind: "kept-response", codec: "openai-responses", id, what };
}

function geminiRoute(method: string, rest: string | undefined): Route | undefined {
  if (method === "GET") return { kind: "models", wire: "gemini", ...(rest === undefined ? undefined : { id: decode(rest) }) };
  if (method !== "POST" || rest === undefined) return undefined;
  const colon = rest.lastIndexOf(":");
  const model = decode(rest.slice(0, colon));
  switch (rest.slice(colon + 1)) {
    case "generateContent":
      return { kind: "generate", codec: "gemini", model, stream: false };
    case "streamGenerateContent":
      return { kind: "generate", codec: "gemini", model, stream: true };
    case "countTokens":
      return { kind: "count-tokens", codec: "gemini", model };
    case "embedContent":
      return { kind: "embed", wire: "gemini", model, batch: false };
    case "batchEmbedContents":
      return { kind: "embed", wire: "gemini", model, batch: true };
    default:
      return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
