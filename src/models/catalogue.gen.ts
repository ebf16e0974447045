// Written by scripts/catalogue.ts; do not edit. Data: npm @earendil-works/pi-ai@1.5.2 (MIT) and the providers' price pages.
export const SOURCE = "@earendil-works/pi-ai@1.5.2";
export const DATE = "2026-11-10";
export const HAND_DATE = "2026-11-20";
export const MODELS: Readonly<Record<string, string>> = {
  "anthropic": `claude-fable-5 10/50/1/12.5/20 1000000 128000 ri
claude-fable-5-1 10/50/0.25/12.5/20 1000000 128000 ri
claude-fable-5-2 8/40/0.2/10/16 1000000 128000 ri
claude-haiku-4-5 1/5/0.1/1.25/2 200000 64000 ri
claude-haiku-5-5 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
claude-opus-4-5 5/25/0.5/6.25/10 200000 64000 ri
claude-opus-4-6,claude-opus-4-7,claude-opus-4-8,claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
claude-opus-5-5 4/20/0.2/5/8 1000000 128000 ri
claude-sonnet-4-5 3/15/0.3/3.75/6 200000 64000 ri
claude-sonnet-4-6 3/15/0.3/3.75/6 1000000 128000 ri
claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
claude-sonnet-5-5 2/10/0.1/2.5/4 1000000 128000 ri`,
  "deepseek": `deepseek-flash 0.3/1.2/0.006 1000000 384000 ri
deepseek-v4-pro 1.32/3.96/0.044 1000000 384000 r`,
  "google": `gemini-2.5-flash,gemini-3.5-flash-lite 0.3/2.5/0.03 1048576 65536 ri
gemini-2.5-flash-lite 0.1/0.4/0.01 1048576 65536 ri
gemini-2.5-pro 1.25/10/0.125 1048576 65536 ri 200000:2.5/15/0.25
gemini-3-flash-preview 0.5/3/0.05 1048576 65536 ri
gemini-3.1-flash-lite,gemini-3.1-flash-lite-preview,gemini-flash-lite-latest 0.25/1.5/0.025 1048576 65536 ri
gemini-3.1-pro-preview,gemini-pro-latest 2/12/0.2 1048576 65536 ri 200000:4/18/0.4
gemini-3.5-flash,gemini-flash-latest 1.5/9/0.15 1048576 65536 ri
gemini-3.6-flash,gemini-3.7-flash,gemini-3.8-flash 0.75/3.75/0.075 1048576 65536 ri
gemini-4-argon 2/10/0.1 1048576 32768 ri
gemini-embedding-001 0.15/0 2048 0 h
gemma-4-26b-a4b-it,gemma-4-31b-it 0/0 262144 32768 ri`,
  "groq": `llama-3.1-8b-instant 0.05/0.08 131072 131072 -
llama-3.3-70b-versatile 0.59/0.79 131072 32768 -
openai/gpt-oss-120b 0.15/0.6/0.075 131072 65536 r
openai/gpt-oss-20b 0.075/0.3/0.0375 131072 65536 r
qwen/qwen3.6-27b 0.6/3/0.3 131072 16384 ri
qwen/qwen3.8-27b 0.8/4 131072 16384 ri`,
  "mistral": `codestral-latest 0.3/0.9/0.03 256000 4096 -
devstral-latest 0.4/2/0.04 262144 262144 -
magistral-medium-latest 2/5/0.2 262144 16384 ri
mistral-embed 0.1/0 8192 0 h
mistral-large-4,mistral-large-4-0-8 0.7/2.1/0.07 1048576 262144 ri
mistral-large-latest 0.5/1.5/0.05 262144 262144 i
mistral-medium-2604,mistral-medium-latest 1.5/7.5/0.15 262144 262144 ri
mistral-medium-3.5 1.5/7.5 262144 262144 ri
mistral-small-2603,mistral-small-latest 0.15/0.6/0.015 262144 256000 ri`,
  "openai": `chat-latest 5/30/0.5 400000 128000 ri
gpt-4.1 2/8/0.5 1047576 32768 i
gpt-4.1-mini 0.4/1.6/0.1 1047576 32768 i
gpt-4.1-nano 0.1/0.4/0.025 1047576 32768 i
gpt-4o 2.5/10/1.25 128000 16384 i
gpt-4o-2024-05-13 5/15 128000 4096 i
gpt-4o-audio-preview 2.5/10 128000 16384 h
gpt-4o-mini 0.15/0.6/0.075 128000 16384 i
gpt-5,gpt-5.1 1.25/10/0.125 400000 128000 ri
gpt-5-chat-latest 1.25/10/0.125 128000 16384 i
gpt-5-mini 0.25/2/0.025 400000 128000 ri
gpt-5-nano 0.05/0.4/0.005 400000 128000 ri
gpt-5-pro 15/120 400000 128000 ri
gpt-5.2,gpt-5.3-codex 1.75/14/0.175 400000 128000 ri
gpt-5.2-pro 21/168 400000 128000 ri
gpt-5.4 2.5/15/0.25 1050000 128000 ri 272000:5/22.5/0.5
gpt-5.4-mini 0.75/4.5/0.075 400000 128000 ri
gpt-5.4-nano 0.2/1.25/0.02 400000 128000 ri
gpt-5.4-pro,gpt-5.5-pro 30/180 1050000 128000 ri 272000:60/270
gpt-5.5 5/30/0.5 1050000 128000 ri 272000:10/45/1
gpt-5.6-luna 0.2/1.2/0.02/0.25 1050000 128000 ri 272000:0.4/1.8/0.04/0.5
gpt-5.6-sol 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
gpt-5.6-terra 2/12/0.2/2.5 1050000 128000 ri 272000:4/18/0.4/5
gpt-6-astra 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
gpt-6-luna 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
gpt-6-sol 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
gpt-6.1-sol 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
gpt-6.1-terra 1/5/0.05/1.25 1050000 128000 ri 272000:2/7.5/0.1/2.5
o1 15/60/7.5 200000 100000 ri
o1-pro 150/600 200000 100000 ri
o3 2/8/0.5 200000 100000 ri
o3-mini 1.1/4.4/0.55 200000 100000 r
o3-pro 20/80 200000 100000 ri
o4-mini 1.1/4.4/0.275 200000 100000 ri
text-embedding-3-large 0.13/0 8192 0 h
text-embedding-3-small 0.02/0 8192 0 h
text-embedding-ada-002 0.1/0 8192 0 h`,
  "xai": `grok-4.3 1.25/2.5/0.2 1000000 30000 ri 200000:2.5/5/0.4
grok-4.5 2/6/0.3 500000 500000 ri 200000:4/12/0.6
grok-4.6,grok-4.7 2/6/0.5 500000 500000 ri 200000:4/12/1`,
};
/** Providers that the full catalogue knows more models of. */
export const REST = "amazon-bedrock ant-ling anthropic baseten cerebras cloudflare-ai-gateway cloudflare-workers-ai fireworks google groq huggingface meta minimax-cn minimax mistral moonshotai-cn moonshotai openai opencode openrouter together vercel-ai-gateway xiaomi zai";
