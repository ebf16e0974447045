/** Providers whose list prices are not their makers' own, and where `@pydantic/genai-prices` has other rates for input or output: which models, and why. */
export const RESELLER_DIFFERENCES = [
  {
    list: "openrouter",
    theirs: "openrouter",
    reason:
      "Prices move with whoever serves the model, and the two lists were read on different days. OpenRouter reports the cost of each call, which wins.",
    models: `
      deepseek/deepseek-chat deepseek/deepseek-chat-v3-0324 deepseek/deepseek-chat-v3.1 deepseek/deepseek-v3.1-terminus
      deepseek/deepseek-v3.2 deepseek/deepseek-v4-flash deepseek/deepseek-v4-pro google/gemma-3-12b-it google/gemma-3-27b-it
      google/gemma-4-26b-a4b-it google/gemma-4-31b-it meta-llama/llama-3.1-8b-instruct meta-llama/llama-3.3-70b-instruct
      meta-llama/llama-4-maverick meta-llama/llama-4-scout minimax/minimax-m2.5 minimax/minimax-m2.7 mistralai/mistral-nemo
      mistralai/mistral-small-3.1-24b-instruct mistralai/mistral-small-3.2-24b-instruct mistralai/mixtral-8x22b-instruct
      moonshotai/kimi-k2.5 moonshotai/kimi-k2.6 moonshotai/kimi-k2.7-code moonshotai/kimi-k3 nvidia/nemotron-3-nano-30b-a3b
      nvidia/nemotron-3-super-120b-a12b nvidia/nemotron-3-ultra-550b-a55b openai/gpt-5.6-sol openai/gpt-oss-120b openai/gpt-oss-20b
      qwen/qwen-2.5-72b-instruct qwen/qwen-2.5-7b-instruct qwen/qwen-plus qwen/qwen3-14b qwen/qwen3-235b-a22b-2507
      qwen/qwen3-235b-a22b-thinking-2507 qwen/qwen3-30b-a3b qwen/qwen3-30b-a3b-instruct-2507 qwen/qwen3-32b qwen/qwen3-coder
      qwen/qwen3-coder-30b-a3b-instruct qwen/qwen3-coder-next qwen/qwen3-vl-235b-a22b-instruct qwen/qwen3-vl-30b-a3b-instruct
      qwen/qwen3-vl-30b-a3b-thinking qwen/qwen3-vl-8b-instruct qwen/qwen3.5-27b qwen/qwen3.5-397b-a17b qwen/qwen3.5-9b
      qwen/qwen3.5-plus-02-15 qwen/qwen3.6-27b qwen/qwen3.6-35b-a3b qwen/qwen3.7-max qwen/qwen3.7-plus stepfun/step-3.5-flash
      tencent/hy3-preview xiaomi/mimo-v2.5 xiaomi/mimo-v2.5-pro z-ai/glm-4.5-air z-ai/glm-4.6 z-ai/glm-4.7 z-ai/glm-4.7-flash z-ai/glm-5
      z-ai/glm-5.1 z-ai/glm-5.2 z-ai/glm-5.3 z-ai/glm-5.3-flash ~anthropic/claude-fable-latest ~anthropic/claude-haiku-latest
      ~anthropic/claude-sonnet-latest ~google/gemini-flash-latest ~google/gemini-pro-latest ~moonshotai/kimi-latest`,
  },
  {
    list: "minimax-cn",
    theirs: "minimax",
    reason: "Priced in yuan on the Chinese platform and converted by the source; theirs has the international dollars.",
    models: `
      MiniMax-M2.7 MiniMax-M2.7-highspeed MiniMax-M3`,
  },
  {
    list: "moonshotai-cn",
    theirs: "moonshotai",
    reason: "Priced in yuan on the Chinese platform and converted by the source; theirs has the international dollars.",
    models: `
      kimi-k2.6 kimi-k2.7-code kimi-k2.7-code-highspeed`,
  },
] as const;
