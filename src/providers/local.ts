import { defineProvider, type ProviderRow } from "./provider.ts";

/**
 * Servers on the caller's own machine. Their environment variables take a bare `host:port` too, and a missing `/v1` is added.
 * They need no key, and forgive fields that they do not know.
 */
function local(
  row: Pick<ProviderRow, "id" | "label" | "aliases" | "baseURL" | "keyEnv" | "baseURLEnv" | "quirks" | "verified">,
): ProviderRow {
  return defineProvider({ codec: "openai-chat", versionPath: "/v1", keyOptional: true, local: true, ...row });
}

const replay = { replayReasoning: "reasoning_content" } as const;

export const localProviders: readonly ProviderRow[] = [
  local({
    id: "ollama",
    aliases: ["ollama_chat"],
    label: "Ollama",
    baseURL: "http://127.0.0.1:11434/v1",
    baseURLEnv: ["OLLAMA_BASE_URL", "OLLAMA_API_BASE", "OLLAMA_HOST"],
    keyEnv: ["OLLAMA_API_KEY"],
    quirks: { replayReasoning: "reasoning" },
  }),
  local({
    id: "vllm",
    aliases: ["hosted_vllm"],
    label: "vLLM server",
    baseURL: "http://127.0.0.1:8000/v1",
    baseURLEnv: ["VLLM_BASE_URL", "HOSTED_VLLM_API_BASE"],
    keyEnv: ["VLLM_API_KEY", "HOSTED_VLLM_API_KEY"],
    quirks: replay,
  }),
  local({
    id: "lmstudio",
    aliases: ["lm_studio"],
    label: "LM Studio",
    baseURL: "http://127.0.0.1:1234/v1",
    baseURLEnv: ["LMSTUDIO_BASE_URL", "LM_STUDIO_API_BASE"],
    keyEnv: ["LMSTUDIO_API_KEY", "LM_STUDIO_API_KEY"],
    quirks: replay,
  }),
  local({
    id: "llamacpp",
    aliases: ["llama.cpp", "llama-cpp"],
    label: "llama.cpp server",
    baseURL: "http://127.0.0.1:8080/v1",
    baseURLEnv: ["LLAMACPP_BASE_URL", "LLAMACPP_API_BASE"],
    keyEnv: ["LLAMACPP_API_KEY"],
    quirks: replay,
  }),
];
