// Written by scripts/catalogue.ts; do not edit. Data: npm @earendil-works/pi-ai@1.5.2 (MIT) and the providers' price pages.
export const SOURCE = "@earendil-works/pi-ai@1.5.2";
export const DATE = "2026-11-10";
export const HAND_DATE = "2026-11-20";
export const MODELS: Readonly<Record<string, string>> = {
  "amazon-bedrock": `amazon.nova-2-lite-v1:0,us.amazon.nova-2-lite-v1:0 0.33/2.75/0.0825/0.33 1000000 65535 ri
amazon.nova-lite-v1:0,us.amazon.nova-lite-v1:0 0.06/0.24/0.015/0.06 300000 10000 i
amazon.nova-micro-v1:0,us.amazon.nova-micro-v1:0 0.035/0.14/0.00875/0.035 128000 10000 -
amazon.nova-pro-v1:0,us.amazon.nova-pro-v1:0 0.8/3.2/0.2/0.8 300000 10000 i
anthropic.claude-fable-5,eu.anthropic.claude-fable-5,us.anthropic.claude-fable-5 11/55/1.1/13.75/22 1000000 128000 ri
anthropic.claude-fable-5-1,us.anthropic.claude-fable-5-1 11/55/0.275/13.75/22 1000000 128000 ri
anthropic.claude-fable-5-2,us.anthropic.claude-fable-5-2 8.8/44/0.22/11/17.6 1000000 128000 ri
anthropic.claude-haiku-4-5-20251001-v1:0,au.anthropic.claude-haiku-4-5-20251001-v1:0,eu.anthropic.claude-haiku-4-5-20251001-v1:0,in.anthropic.claude-haiku-4-5-20251001-v1:0,jp.anthropic.claude-haiku-4-5-20251001-v1:0,us.anthropic.claude-haiku-4-5-20251001-v1:0 1.1/5.5/0.11/1.375/2.2 200000 64000 ri
anthropic.claude-haiku-5-5,au.anthropic.claude-haiku-5-5,eu.anthropic.claude-haiku-5-5,jp.anthropic.claude-haiku-5-5,us.anthropic.claude-haiku-5-5 0.11/0.55/0.011/0.1375/0.22 1000000 128000 ri 100000:0.55/2.75/0.055/0.6875/1.1
anthropic.claude-opus-4-1-20250805-v1:0,us.anthropic.claude-opus-4-1-20250805-v1:0 15/75/1.5/18.75/30 200000 32000 ri
anthropic.claude-opus-4-5-20251101-v1:0,eu.anthropic.claude-opus-4-5-20251101-v1:0,us.anthropic.claude-opus-4-5-20251101-v1:0 5.5/27.5/0.55/6.875/11 200000 64000 ri
anthropic.claude-opus-4-6-v1,anthropic.claude-opus-4-7,anthropic.claude-opus-4-8,au.anthropic.claude-opus-4-6-v1,au.anthropic.claude-opus-4-7,au.anthropic.claude-opus-4-8,au.anthropic.claude-opus-5,eu.anthropic.claude-opus-4-6-v1,eu.anthropic.claude-opus-4-7,eu.anthropic.claude-opus-4-8,eu.anthropic.claude-opus-5,in.anthropic.claude-opus-5,jp.anthropic.claude-opus-4-7,jp.anthropic.claude-opus-4-8,jp.anthropic.claude-opus-5,us.anthropic.claude-opus-4-6-v1,us.anthropic.claude-opus-4-7,us.anthropic.claude-opus-4-8,us.anthropic.claude-opus-5 5.5/27.5/0.55/6.875/11 1000000 128000 ri
anthropic.claude-opus-5-5,au.anthropic.claude-opus-5-5,eu.anthropic.claude-opus-5-5,jp.anthropic.claude-opus-5-5,us.anthropic.claude-opus-5-5 4.4/22/0.22/5.5/8.8 1000000 128000 ri
anthropic.claude-sonnet-4-5-20250929-v1:0,au.anthropic.claude-sonnet-4-5-20250929-v1:0,eu.anthropic.claude-sonnet-4-5-20250929-v1:0,jp.anthropic.claude-sonnet-4-5-20250929-v1:0,us.anthropic.claude-sonnet-4-5-20250929-v1:0 3.3/16.5/0.33/4.125/6.6 200000 64000 ri
anthropic.claude-sonnet-4-6,au.anthropic.claude-sonnet-4-6,eu.anthropic.claude-sonnet-4-6,jp.anthropic.claude-sonnet-4-6,us.anthropic.claude-sonnet-4-6 3.3/16.5/0.33/4.125/6.6 1000000 128000 ri
anthropic.claude-sonnet-5,au.anthropic.claude-sonnet-5,eu.anthropic.claude-sonnet-5,in.anthropic.claude-sonnet-5,jp.anthropic.claude-sonnet-5,us.anthropic.claude-sonnet-5 2.2/11/0.22/2.75/4.4 1000000 128000 ri
anthropic.claude-sonnet-5-5,au.anthropic.claude-sonnet-5-5,eu.anthropic.claude-sonnet-5-5,us.anthropic.claude-sonnet-5-5 2.2/11/0.11/2.75/4.4 1000000 128000 ri
apac.amazon.nova-lite-v1:0 0.063/0.252/0.01575/0.063 300000 10000 i
apac.amazon.nova-micro-v1:0 0.037/0.148/0.00925/0.037 128000 10000 -
apac.amazon.nova-pro-v1:0 0.84/3.36/0.21/0.84 300000 10000 i
apac.anthropic.claude-sonnet-4-20250514-v1:0,eu.anthropic.claude-sonnet-4-20250514-v1:0,global.anthropic.claude-sonnet-4-20250514-v1:0,global.anthropic.claude-sonnet-4-5-20250929-v1:0,us.anthropic.claude-sonnet-4-20250514-v1:0 3/15/0.3/3.75/6 200000 64000 ri
ca.amazon.nova-lite-v1:0 0.064/0.256/0.016/0.064 300000 10000 i
deepseek.v3-v1:0 0.58/1.68 163840 81920 r
deepseek.v3.2 0.62/1.85 163840 81920 r
eu.amazon.nova-2-lite-v1:0 0.374/3.157/0.0935/0.374 1000000 65535 ri
eu.amazon.nova-lite-v1:0 0.069/0.276/0.01725/0.069 300000 10000 i
eu.amazon.nova-micro-v1:0 0.04/0.16/0.01/0.04 128000 10000 -
eu.amazon.nova-pro-v1:0 0.92/3.68/0.23/0.92 300000 10000 i
eu.mistral.pixtral-large-2502-v1:0,mistral.pixtral-large-2502-v1:0,us.mistral.pixtral-large-2502-v1:0 2/6 128000 8192 i
global.amazon.nova-2-lite-v1:0 0.3/2.5/0.075/0.3 1000000 65535 ri
global.anthropic.claude-fable-5 10/50/1/12.5/20 1000000 128000 ri
global.anthropic.claude-fable-5-1 10/50/0.25/12.5/20 1000000 128000 ri
global.anthropic.claude-fable-5-2 8/40/0.2/10/16 1000000 128000 ri
global.anthropic.claude-haiku-4-5-20251001-v1:0 1/5/0.1/1.25/2 200000 64000 ri
global.anthropic.claude-haiku-5-5 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
global.anthropic.claude-opus-4-5-20251101-v1:0 5/25/0.5/6.25/10 200000 64000 ri
global.anthropic.claude-opus-4-6-v1,global.anthropic.claude-opus-4-7,global.anthropic.claude-opus-4-8,global.anthropic.claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
global.anthropic.claude-opus-5-5 4/20/0.2/5/8 1000000 128000 ri
global.anthropic.claude-sonnet-4-6 3/15/0.3/3.75/6 1000000 128000 ri
global.anthropic.claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
global.anthropic.claude-sonnet-5-5 2/10/0.1/2.5/4 1000000 128000 ri
global.moonshotai.kimi-k3 3/15/0.3/3.75 1048576 128000 ri
global.moonshotai.kimi-k3.1 4/20/0.2/5 1048576 1048576 ri
global.openai.gpt-5.6-luna 0.2/1.2/0.02/0.25 1050000 128000 ri 272000:0.4/1.8/0.04/0.5
global.openai.gpt-5.6-sol 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
global.openai.gpt-5.6-terra 2/12/0.2/2.5 1050000 128000 ri 272000:4/18/0.4/5
global.openai.gpt-6-astra 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
global.openai.gpt-6-luna 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
global.openai.gpt-6-sol 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
global.openai.gpt-6.1-sol 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
global.openai.gpt-6.1-terra 1/5/0.05/1.25 1050000 128000 ri 272000:2/7.5/0.1/2.5
global.xai.grok-4.6,global.xai.grok-4.7 2/6/0.5 500000 500000 ri
global.zai.glm-5.3 1.68/5.28/0.312/2.1 1000000 128000 r
google.gemma-4-26b-a4b 0.13/0.4 262144 32768 ri
google.gemma-4-31b 0.14/0.4 262144 32768 ri
google.gemma-4-e2b 0.04/0.08 131072 8192 ri
in.openai.gpt-5.6-luna,openai.gpt-5.6-luna,us.openai.gpt-5.6-luna 0.22/1.32/0.022/0.275 1050000 128000 ri 272000:0.44/1.98/0.044/0.55
in.openai.gpt-5.6-terra,openai.gpt-5.6-terra,us.openai.gpt-5.6-terra 2.2/13.2/0.22/2.75 1050000 128000 ri 272000:4.4/19.8/0.44/5.5
jp.amazon.nova-2-lite-v1:0 0.396/3.311/0.099/0.396 1000000 65535 ri
meta.llama3-1-70b-instruct-v1:0,meta.llama3-3-70b-instruct-v1:0,us.meta.llama3-1-70b-instruct-v1:0,us.meta.llama3-3-70b-instruct-v1:0 0.72/0.72 128000 4096 -
meta.llama3-1-8b-instruct-v1:0,us.meta.llama3-1-8b-instruct-v1:0 0.22/0.22 128000 4096 -
meta.llama4-maverick-17b-instruct-v1:0,us.meta.llama4-maverick-17b-instruct-v1:0 0.24/0.97 1000000 8192 i
meta.llama4-scout-17b-instruct-v1:0,us.meta.llama4-scout-17b-instruct-v1:0 0.17/0.66 10000000 8192 i
minimax.minimax-m2 0.3/1.2 204608 128000 r
minimax.minimax-m2.1 0.3/1.2 196608 131072 r
minimax.minimax-m2.5 0.3/1.2 196608 98304 r
mistral.devstral-2-123b 0.4/2 262144 8192 -
mistral.magistral-small-2509 0.5/1.5 128000 40000 ri
mistral.ministral-3-14b-instruct 0.2/0.2 128000 4096 i
mistral.ministral-3-3b-instruct 0.1/0.1 256000 8192 i
mistral.ministral-3-8b-instruct 0.15/0.15 128000 4096 i
mistral.mistral-large-3-675b-instruct 0.5/1.5 262144 8192 i
mistral.voxtral-mini-3b-2507 0.04/0.04 32768 4096 -
mistral.voxtral-small-24b-2507 0.1/0.3 32768 8192 -
moonshot.kimi-k2-thinking 0.6/2.5 262144 16000 r
moonshotai.kimi-k2.5 0.6/3 262144 16384 ri
nvidia.nemotron-nano-12b-v2 0.2/0.6 131072 8192 i
nvidia.nemotron-nano-3-30b 0.06/0.24 262144 8192 r
nvidia.nemotron-nano-9b-v2 0.06/0.23 131072 8192 -
nvidia.nemotron-super-3-120b 0.15/0.65 262144 131072 r
openai.gpt-5.4 2.75/16.5/0.275 1000000 128000 ri
openai.gpt-5.5 5.5/33/0.55 1000000 128000 ri
openai.gpt-5.6-sol,us.openai.gpt-5.6-sol 4.4/22/0.44/5.5 1050000 128000 ri 272000:8.8/33/0.88/11
openai.gpt-6-astra,us.openai.gpt-6-astra 11/55/1.1/13.75 1050000 128000 ri 272000:22/82.5/2.2/27.5
openai.gpt-6-luna,us.openai.gpt-6-luna 0.11/0.55/0.011/0.1375 1050000 128000 ri 272000:0.22/0.825/0.022/0.275
openai.gpt-6-sol,us.openai.gpt-6-sol 2.2/11/0.22/2.75 1050000 128000 ri 272000:4.4/16.5/0.44/5.5
openai.gpt-6.1-sol,us.openai.gpt-6.1-sol 2.2/11/0.11/2.75 1050000 128000 ri 272000:4.4/16.5/0.22/5.5
openai.gpt-6.1-terra,us.openai.gpt-6.1-terra 1.1/5.5/0.055/1.375 1050000 128000 ri 272000:2.2/8.25/0.11/2.75
openai.gpt-oss-120b 0.15/0.6 131072 131072 r
openai.gpt-oss-120b-1:0 0.15/0.6 131072 128000 r
openai.gpt-oss-20b 0.07/0.3 131072 131072 r
openai.gpt-oss-20b-1:0 0.07/0.3 131072 128000 r
openai.gpt-oss-safeguard-120b 0.15/0.6 128000 16384 r
openai.gpt-oss-safeguard-20b 0.07/0.2 128000 16384 r
qwen.qwen3-235b-a22b-2507-v1:0 0.22/0.88 262144 131072 -
qwen.qwen3-32b-v1:0 0.15/0.6 32768 16384 r
qwen.qwen3-coder-30b-a3b-v1:0 0.15/0.6 262144 131072 -
qwen.qwen3-coder-480b-a35b-v1:0 0.45/1.8 131072 65536 -
qwen.qwen3-coder-next 0.5/1.2 262144 65536 -
qwen.qwen3-next-80b-a3b 0.15/1.2 262144 262000 -
qwen.qwen3-vl-235b-a22b 0.53/2.66 262144 262000 i
us-gov.openai.gpt-oss-120b-1:0 0.18/0.72 128000 16384 r
us-gov.openai.gpt-oss-20b-1:0 0.084/0.36 128000 16384 r
us.amazon.nova-premier-v1:0 2.5/12.5/0.625/2.5 1000000 10000 i
us.moonshotai.kimi-k3 3.3/16.5/0.33/4.125 1048576 128000 ri
us.moonshotai.kimi-k3.1 4.4/22/0.22/5.5 1048576 1048576 ri
us.writer.palmyra-x4-v1:0,writer.palmyra-x4-v1:0 2.5/10 122880 8192 r
us.writer.palmyra-x5-v1:0,writer.palmyra-x5-v1:0 0.6/6 1040000 8192 r
us.xai.grok-4.6,us.xai.grok-4.7,xai.grok-4.6 2.2/6.6/0.55 500000 500000 ri
us.zai.glm-5.3 1.848/5.808/0.3432/2.31 1000000 128000 r
xai.grok-4.3 1.25/2.5/0.2 1000000 131072 ri
zai.glm-4.7 0.6/2.2 202752 131072 r
zai.glm-4.7-flash 0.07/0.4 202752 131072 r
zai.glm-5 1/3.2 202752 131072 r`,
  "ant-ling": `Ling-2.6-1T 0.06/0.25 262144 65536 -
Ling-2.6-flash 0.01/0.02 262144 65536 -
Ring-2.6-1T 0.06/0.25 262144 65536 r`,
  "anthropic": `claude-haiku-4-5-20251001 1/5/0.1/1.25/2 200000 64000 ri
claude-opus-4-5-20251101 5/25/0.5/6.25/10 200000 64000 ri
claude-sonnet-4-5-20250929 3/15/0.3/3.75/6 200000 64000 ri`,
  "baseten": `deepseek-ai/DeepSeek-V4-Flash-0731 0.13/0.26/0.028 1048576 384000 r
deepseek-ai/DeepSeek-V4-Pro-0813 1.32/3.96/0.132 1048576 262144 r
deepseek-ai/DeepSeek-V4.1-Flash 0.3/1.2/0.007 1048576 32768 ri
deepseek-ai/DeepSeek-V4.1-Flash-1017 0.3/1.2/0.007 1048576 262144 ri
deepseek-ai/DeepSeek-V4.1-Flash-1017-Fast 0.6/2.4/0.014 1048576 262144 ri
deepseek-ai/DeepSeek-V4.1-Flash-Fast 0.6/2.4/0.014 1048576 32768 ri
moonshotai/Kimi-K3 3/15/0.3 1048576 262144 ri
moonshotai/Kimi-K3.1-Pro 2/10/0.2 1000000 262144 ri
nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B 0.6/2.4/0.12 202800 202800 r
openai/gpt-oss-120b 0.1/0.5/0.1 128072 128072 r
zai-org/GLM-5.2 1.4/4.4/0.14 1048576 262144 r
zai-org/GLM-5.2-Fast 2.1/6.6/0.21 1048576 262144 r
zai-org/GLM-5.3 1.4/4.4/0.14 1048576 262144 ri
zai-org/GLM-5.3-Fast 2.1/6.6/0.21 1048576 262144 ri
zai-org/GLM-5.3-Flash 0.15/0.5/0.03 1048576 131072 ri`,
  "cerebras": `gpt-oss-120b 0.35/0.75/0.35 131072 40960 r
qwen-3.8-27b 0.99/1.49/0.99 131072 40960 ri`,
  "cloudflare-ai-gateway": `claude-fable-5 10/50/1/12.5/20 1000000 128000 ri
claude-fable-5-1 10/50/0.25/12.5/20 1000000 128000 ri
claude-haiku-4-5 1/5/0.1/1.25/2 200000 64000 ri
claude-haiku-5-5 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
claude-opus-4-5 5/25/0.5/6.25/10 200000 64000 ri
claude-opus-4-6,claude-opus-4-7,claude-opus-4-8,claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
claude-opus-5-5 4/20/0.2/5/8 1000000 128000 ri
claude-sonnet-4-5 3/15/0.3/3.75/6 200000 64000 ri
claude-sonnet-4-6 3/15/0.3/3.75/6 1000000 128000 ri
claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
claude-sonnet-5-5 2/10/0.1/2.5/4 1000000 128000 ri
gpt-4.1 2/8/0.5 1047576 32768 i
gpt-4.1-mini 0.4/1.6/0.1 1047576 32768 i
gpt-4.1-nano 0.1/0.4/0.025 1000000 32768 i
gpt-4o 1.25/5/0.625 128000 16384 i
gpt-4o-mini 0.075/0.3/0.0375 128000 16384 i
gpt-5,gpt-5.1 1.25/10/0.125 128000 128000 ri
gpt-5-mini 0.25/2/0.025 128000 128000 ri
gpt-5-nano 0.05/0.4/0.005 128000 128000 ri
gpt-5.4 2.5/15/0.25 1000000 128000 ri
gpt-5.4-mini 0.75/4.5/0.075 128000 128000 ri
gpt-5.4-nano 0.2/1.25/0.02 128000 128000 ri
gpt-5.4-pro,gpt-5.5-pro 30/180 1000000 128000 ri
gpt-5.5 5/30 1000000 128000 ri
gpt-5.6-luna 0.2/1.2/0.02/0.25 1050000 128000 ri 272000:0.4/1.8/0.04/0.5
gpt-5.6-sol 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
gpt-5.6-terra 2/12/0.2/2.5 1050000 128000 ri 272000:4/18/0.4/5
gpt-6-astra 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
gpt-6-luna 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
gpt-6-sol 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
gpt-6.1-sol 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
gpt-6.1-terra 1/5/0.05/1.25 1050000 128000 ri 272000:2/7.5/0.1/2.5
o3 2/8/0.5 200000 100000 ri
o3-mini 1.1/4.4/0.55 200000 100000 r
o4-mini 1.1/4.4/0.275 200000 100000 ri
workers-ai/@cf/deepseek-ai/deepseek-v4-flash-0731 0.44/1.32/0.014 1048576 1048576 r
workers-ai/@cf/deepseek-ai/deepseek-v4-pro-0813 1.32/3.96/0.044 1048576 1048576 r
workers-ai/@cf/deepseek-ai/deepseek-v4.1-flash-1017 0.3/1.2/0.006 1048576 1048576 ri
workers-ai/@cf/google/gemma-4-26b-a4b-it 0.1/0.3/0.05 256000 16384 ri
workers-ai/@cf/ibm-granite/granite-4.0-h-micro 0.017/0.112 131000 131000 -
workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast 0.293/2.253 24000 24000 -
workers-ai/@cf/meta/llama-4-scout-17b-16e-instruct 0.27/0.85 131000 16384 i
workers-ai/@cf/mistralai/mistral-small-3.1-24b-instruct 0.351/0.555 128000 128000 i
workers-ai/@cf/moonshotai/kimi-k2.6 0.95/4/0.16 262144 256000 ri
workers-ai/@cf/moonshotai/kimi-k2.7-code 0.95/4/0.19 262144 262144 ri
workers-ai/@cf/nvidia/nemotron-3-120b-a12b 0.5/1.5 256000 256000 r
workers-ai/@cf/openai/gpt-oss-120b 0.35/0.75 128000 16384 r
workers-ai/@cf/openai/gpt-oss-20b 0.2/0.3 128000 16384 r
workers-ai/@cf/qwen/qwen3-30b-a3b-fp8 0.0509/0.335 32768 32768 r
workers-ai/@cf/qwen/qwen3.8-27b 0.45/3.2/0.05 262144 262144 ri
workers-ai/@cf/zai-org/glm-4.7-flash 0.0605/0.4 131072 131072 r
workers-ai/@cf/zai-org/glm-5.2 1.4/4.4/0.26 262144 256000 r
workers-ai/@cf/zai-org/glm-5.3 1.4/4.4/0.26 1048576 1048576 r
workers-ai/@cf/zai-org/glm-5.3-flash 0.15/0.5/0.03 1048576 1048576 ri`,
  "cloudflare-workers-ai": `@cf/deepseek-ai/deepseek-v4-flash-0731 0.44/1.32/0.014 1048576 1048576 r
@cf/deepseek-ai/deepseek-v4-pro-0813 1.32/3.96/0.044 1048576 1048576 r
@cf/deepseek-ai/deepseek-v4.1-flash-1017 0.3/1.2/0.006 1048576 1048576 ri
@cf/google/gemma-4-26b-a4b-it 0.1/0.3/0.05 256000 16384 ri
@cf/ibm-granite/granite-4.0-h-micro 0.017/0.112 131000 131000 -
@cf/meta/llama-3.3-70b-instruct-fp8-fast 0.293/2.253 24000 24000 -
@cf/meta/llama-4-scout-17b-16e-instruct 0.27/0.85 131000 16384 i
@cf/mistralai/mistral-small-3.1-24b-instruct 0.351/0.555 128000 128000 i
@cf/moonshotai/kimi-k2.6 0.95/4/0.16 262144 256000 ri
@cf/moonshotai/kimi-k2.7-code 0.95/4/0.19 262144 262144 ri
@cf/nvidia/nemotron-3-120b-a12b 0.5/1.5 256000 256000 r
@cf/openai/gpt-oss-120b 0.35/0.75 128000 16384 r
@cf/openai/gpt-oss-20b 0.2/0.3 128000 16384 r
@cf/qwen/qwen3-30b-a3b-fp8 0.0509/0.335 32768 32768 r
@cf/qwen/qwen3.8-27b 0.45/3.2/0.05 262144 262144 ri
@cf/zai-org/glm-4.7-flash 0.0605/0.4 131072 131072 r
@cf/zai-org/glm-5.2 1.4/4.4/0.26 262144 256000 r
@cf/zai-org/glm-5.3 1.4/4.4/0.26 1048576 1048576 r
@cf/zai-org/glm-5.3-flash 0.15/0.5/0.03 1048576 1048576 ri`,
  "fireworks": `accounts/fireworks/models/deepseek-v4p1-flash,accounts/fireworks/models/deepseek-v4p1-flash-1017,accounts/fireworks/routers/deepseek-flash-latest 0.3/1.2/0.006 1000000 384000 ri
accounts/fireworks/models/ember-1,accounts/fireworks/models/kimi-k3,accounts/fireworks/routers/kimi-latest 3/15/0.3 1048576 131072 ri
accounts/fireworks/models/glm-5p3,accounts/fireworks/routers/glm-latest 1.4/4.4/0.26 1048573 262144 r
accounts/fireworks/models/glm-5p3-flash,accounts/fireworks/routers/glm-flash-latest 0.15/0.5/0.03 1048573 131072 ri
accounts/fireworks/models/kimi-k3p1-pro 2/10/0.2 1048576 131072 ri
accounts/fireworks/models/minimax-m3,accounts/fireworks/routers/minimax-latest 0.3/1.2/0.06 512000 512000 r
accounts/fireworks/models/minimax-m3p1-flash 0.15/0.6/0.015 1000000 512000 ri
accounts/fireworks/models/muse-spark-open 1.25/4.25/0.15 1048576 131072 ri
accounts/fireworks/models/qwen3p8-2p4t-a95b 2/6/0.25 262144 131072 r
accounts/fireworks/models/qwen3p8-max,accounts/fireworks/routers/qwen-max-latest 2/6/0.25 262144 131072 ri
accounts/fireworks/routers/deepseek-v4p1-flash-1017-spot,accounts/fireworks/routers/deepseek-v4p1-flash-spot 0.21/0.84/0.0042 1000000 384000 ri
accounts/fireworks/routers/deepseek-v4p1-flash-1017-ultrafast 2.4/9.6/0.048 1000000 384000 ri
accounts/fireworks/routers/glm-5p3-fast,accounts/fireworks/routers/glm-fast-latest 2.1/6.6/0.39 1048572 262144 r
accounts/fireworks/routers/glm-5p3-spot 0.98/3.08/0.182 1048573 262144 r
accounts/fireworks/routers/kimi-fast-latest,accounts/fireworks/routers/kimi-k3-fast 4.5/22.5/0.45 1048576 131072 ri
accounts/fireworks/routers/kimi-k3-spot 2.1/10.5/0.21 1048576 131072 ri`,
  "google": `deep-research-max-preview-04-2026,deep-research-preview-04-2026,gemini-3.1-pro-preview-customtools 2/12/0.2 1048576 65536 ri 200000:4/18/0.4
gemini-2.5-computer-use-preview-10-2025 1.25/10 0 64000 ri 200000:2.5/15
gemini-robotics-er-2-preview 1/5/0.1 131072 65536 ri`,
  "groq": `openai/gpt-oss-safeguard-20b 0.075/0.3/0.0375 131072 65536 r`,
  "huggingface": `MiniMaxAI/MiniMax-M1-80k 0.55/2.2 1000000 80000 r
MiniMaxAI/MiniMax-M2,MiniMaxAI/MiniMax-M2.1 0.3/1.2 204800 131072 r
MiniMaxAI/MiniMax-M2.5 0.3/1.2/0.03 204800 131072 r
MiniMaxAI/MiniMax-M2.7 0.3/1.2/0.06 204800 131072 r
MiniMaxAI/MiniMax-M3 0.3/1.2 524288 512000 ri
MiniMaxAI/MiniMax-M3.1-Flash 0.15/0.6 1000000 512000 ri
Qwen/Qwen2.5-Coder-32B-Instruct 0.06/0.2 131072 8192 -
Qwen/Qwen3-235B-A22B 0.2/0.8 40960 16384 r
Qwen/Qwen3-235B-A22B-Instruct-2507 0.855/2.565 262144 16384 -
Qwen/Qwen3-235B-A22B-Thinking-2507 0.3/3 262144 81920 r
Qwen/Qwen3-30B-A3B 0.12/0.5 40960 16384 r
Qwen/Qwen3-32B 0.29/0.59 131072 16384 r
Qwen/Qwen3-8B 0.07/0.18 40960 32768 r
Qwen/Qwen3-Coder-30B-A3B-Instruct 0.07/0.26 262144 65536 -
Qwen/Qwen3-Coder-480B-A35B-Instruct 2/2 262144 65536 -
Qwen/Qwen3-Coder-Next 0.2/1.5 262144 65536 -
Qwen/Qwen3-Next-80B-A3B-Instruct 0.25/1 262144 32768 -
Qwen/Qwen3-VL-235B-A22B-Instruct 0.3/1.5 131072 32768 i
Qwen/Qwen3-VL-235B-A22B-Thinking 0.98/3.95 131072 32768 ri
Qwen/Qwen3-VL-30B-A3B-Instruct 0.2/0.7 131072 32768 i
Qwen/Qwen3.5-122B-A10B 0.4/3.2 262144 65536 ri
Qwen/Qwen3.5-27B 0.3/2.4 262144 65536 ri
Qwen/Qwen3.5-35B-A3B 0.25/2 262144 65536 ri
Qwen/Qwen3.5-397B-A17B 0.6/3.6 262144 32768 ri
Qwen/Qwen3.5-9B 0.17/0.25 262144 65536 ri
Qwen/Qwen3.6-27B 0.47/3.19 262144 65536 ri
Qwen/Qwen3.6-35B-A3B 0.15/0.95 262144 65536 ri
Qwen/Qwen3.8-2.4T-A95B 2.5/6.25 262144 131072 r
Qwen/Qwen3.8-27B 0.4/3 262144 32768 ri
XiaomiMiMo/MiMo-V2.5 0.4/2 262144 131072 r
XiaomiMiMo/MiMo-V2.5-Pro 1/3 1048576 131072 r
deepseek-ai/DeepSeek-R1 0.7/2.5 64000 32768 r
deepseek-ai/DeepSeek-R1-0528 3/5 163840 32768 r
deepseek-ai/DeepSeek-V3 0.4/1.3 64000 8192 -
deepseek-ai/DeepSeek-V3-0324 0.27/1.12 163840 163840 -
deepseek-ai/DeepSeek-V3.1 0.27/1 131072 8192 r
deepseek-ai/DeepSeek-V3.2 0.28/0.4 163840 65536 r
deepseek-ai/DeepSeek-V4-Flash,deepseek-ai/DeepSeek-V4-Flash-0731 0.14/0.28 1048576 384000 r
deepseek-ai/DeepSeek-V4-Flash-Vision-Exp 0.44/1.32 1048576 384000 ri
deepseek-ai/DeepSeek-V4-Pro 0.435/0.87/0.003625 1048576 393216 r
deepseek-ai/DeepSeek-V4-Pro-0813 1.32/3.96 1000000 384000 r
deepseek-ai/DeepSeek-V4.1-Flash,deepseek-ai/DeepSeek-V4.1-Flash-1017 0.3/1.2 1048576 384000 ri
google/gemma-3-12b-it 0.05/0.15 131072 131072 i
google/gemma-3-27b-it 0.08/0.16 131072 131072 i
google/gemma-3-4b-it 0.05/0.1 131072 131072 i
google/gemma-4-26B-A4B-it 0.13/0.4 262144 32768 ri
google/gemma-4-31B-it 0.14/0.4 262144 32768 ri
meta-llama/Llama-3.1-8B-Instruct 0.06/0.06 131072 4096 -
meta-llama/Llama-3.3-70B-Instruct 0.59/0.79 131072 4096 -
moonshotai/Kimi-K2-Instruct 1/3 131072 16384 -
moonshotai/Kimi-K2-Instruct-0905 1/3 262144 16384 -
moonshotai/Kimi-K2-Thinking 0.6/2.5/0.15 262144 262144 r
moonshotai/Kimi-K2.5 0.6/3/0.1 262144 262144 ri
moonshotai/Kimi-K2.6 0.95/4/0.16 262144 262144 ri
moonshotai/Kimi-K2.7-Code 0.95/4 262144 262144 ri
moonshotai/Kimi-K3 3/15 1000000 131072 ri
openai/gpt-oss-120b 0.25/0.69 131072 32768 r
openai/gpt-oss-20b 0.1/0.5 131072 32768 r
stepfun-ai/Step-3.5-Flash 0.1/0.3 262144 256000 r
stepfun-ai/Step-3.7-Flash 0.2/1.15 262144 256000 ri
tencent/Hy3 0.14/0.58 262144 128000 r
tencent/Hy4-preview 0.834/2.501 1000000 64000 r
thinkingmachines/Inkling 1/4.05 1048576 1048576 ri
thinkingmachines/Inkling-Small 0.5/1.2 524288 1048576 ri
zai-org/GLM-4.5-Air 0.13/0.85 131072 98304 r
zai-org/GLM-4.5V 0.6/1.8 65536 16384 ri
zai-org/GLM-4.6 0.55/2.2 204800 131072 r
zai-org/GLM-4.6V-Flash 0.3/0.9 131072 32768 ri
zai-org/GLM-4.7 0.6/2.2/0.11 204800 131072 r
zai-org/GLM-4.7-Flash - 200000 128000 r
zai-org/GLM-5,zai-org/GLM-5.1 1/3.2/0.2 202752 131072 r
zai-org/GLM-5.2 1.4/4.4 262144 131072 r
zai-org/GLM-5.3 1.4/4.4 1048576 131072 r
zai-org/GLM-5.3-Flash 0.15/0.5 1048576 131072 ri`,
  "meta": `muse-ember-1.0 0.1/0.5/0.004 1048576 524288 ri 200000:0.3/1.5/0.012
muse-spark-1.1,muse-spark-1.2,muse-spark-1.3 1.25/4.25/0.15 1048576 131072 ri
muse-spark-1.2-contributor,muse-spark-1.3-contributor 0.1/0.2/0.002 1048576 131072 ri
muse-wonder-1.0 4/20/0.2 1048576 131072 ri`,
  "minimax-cn": `MiniMax-M2.7 0.3137/1.2549/0.0627/0.3922 204800 131072 r
MiniMax-M2.7-highspeed 0.6275/2.5098/0.0627/0.3922 204800 131072 r
MiniMax-M3 0.3137/1.2549/0.0627 1000000 524288 ri 512000:0.6275/2.5098/0.1255
MiniMax-M3.1-Flash 0.1494/0.5976/0.0149 1000000 524288 ri`,
  "minimax": `MiniMax-M2.7 0.3/1.2/0.06/0.375 204800 131072 r
MiniMax-M2.7-highspeed 0.6/2.4/0.06/0.375 204800 131072 r
MiniMax-M3 0.3/1.2/0.06 1000000 524288 ri 512000:0.6/2.4/0.12
MiniMax-M3.1-Flash 0.15/0.6/0.015 1000000 524288 ri`,
  "mistral": `codestral-2508 0.3/0.9/0.03 256000 8192 -
deepseek-v4-1-flash-1017 0.3/1.2/0.007 1048576 128000 r
devstral-2512,devstral-medium-latest 0.4/2/0.04 262144 262144 -
glm-5-2,zai-glm-5-2,zai-glm-5-3 1.4/4.4/0.14 1048576 131072 r
labs-devstral-small-2512 - 256000 256000 i
labs-leanstral-1-5-1 - 262144 128000 ri
ministral-14b-2512 0.2/0.2/0.02 262144 262144 i
ministral-3b-2512 0.1/0.1/0.01 131072 262144 i
ministral-3b-latest 0.1/0.1/0.01 131072 128000 i
ministral-8b-2512 0.15/0.15/0.015 262144 262144 i
ministral-8b-latest 0.15/0.15/0.015 262144 128000 i
mistral-large-2512 0.5/1.5/0.05 262144 262144 i
mistral-medium-2505 0.4/2/0.04 131072 131072 i
mistral-medium-2508 0.4/2/0.04 262144 262144 i
mistral-small-2506 0.1/0.3/0.01 128000 16384 i
open-mistral-nemo 0.15/0.15/0.015 128000 128000 -
pixtral-12b 0.15/0.15/0.015 128000 128000 i
voxtral-small-2507,voxtral-small-latest 0.1/0.4/0.01 32768 32000 -
zai-glm-5-3-flash 0.15/0.5/0.03 1048576 131072 ri`,
  "moonshotai-cn": `kimi-k2.6 0.9711/4.0337/0.1643 262144 262144 ri
kimi-k2.7-code 0.9711/4.0337/0.1942 262144 262144 ri
kimi-k2.7-code-highspeed 1.9421/8.0673/0.3884 262144 262144 ri
kimi-k3 3/15/0.3 1048576 1048576 ri
kimi-k3.1-pro 1.9437/10.1671/0.1944 1048576 1048576 ri
kimi-k3.1-pro-highspeed 3.8874/20.3342/0.1944 1048576 1048576 ri`,
  "moonshotai": `kimi-k2.6 0.95/4/0.16 262144 262144 ri
kimi-k2.7-code 0.95/4/0.19 262144 262144 ri
kimi-k2.7-code-highspeed 1.9/8/0.38 262144 262144 ri
kimi-k3 3/15/0.3 1048576 1048576 ri
kimi-k3.1-pro 2/10/0.2 1048576 1048576 ri
kimi-k3.1-pro-highspeed 4/20/0.2 1048576 1048576 ri`,
  "openai": `gpt-4 30/60 8192 8192 -
gpt-4-turbo 10/30 128000 4096 i
gpt-4o-2024-08-06,gpt-4o-2024-11-20 2.5/10/1.25 128000 16384 i
gpt-5.3-codex-spark 1.75/14/0.175 128000 32000 ri
gpt-5.6-cyber,gpt-daybreak-red-latest 12.5/75/1.25/15.625 400000 128000 ri
gpt-daybreak-blue-latest 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10`,
  "opencode": `beam-free - 1048576 131072 r
big-pickle - 200000 32000 r
claude-fable-5 10/50/1/12.5/20 1000000 128000 ri
claude-fable-5-1 10/50/0.25/12.5/20 1000000 128000 ri
claude-fable-5-2 8/40/0.2/10/16 1000000 128000 ri
claude-haiku-4-5 1/5/0.1/1.25/2 200000 64000 ri
claude-haiku-5-5 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
claude-opus-4-5 5/25/0.5/6.25/10 200000 64000 ri
claude-opus-4-6,claude-opus-4-7,claude-opus-4-8,claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
claude-opus-5-5 4/20/0.2/5/8 1000000 128000 ri
claude-sonnet-4-5 3/15/0.3/3.75/6 0 64000 ri 200000:6/22.5/0.6/7.5/12
claude-sonnet-4-6 3/15/0.3/3.75/6 1000000 64000 ri
claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
claude-sonnet-5-5 2/10/0.1/2.5/4 1000000 128000 ri
deepseek-v4-pro 1.74/3.48/0.145 1000000 384000 r
deepseek-v4.1-flash 0.3/1.2/0.006 1000000 384000 ri
deepseek-v4.1-flash-free,glm-5.3-flash-free,mimo-v2.6-flash-free - 200000 32000 ri
flint-40b-free - 262144 65536 r
gemini-3-flash 0.5/3/0.05 1048576 65536 ri
gemini-3.1-pro 2/12/0.2 1048576 65536 ri 200000:4/18/0.4
gemini-3.5-flash 1.5/9/0.15 1048576 65536 ri
gemini-3.5-flash-lite 0.3/2.5/0.03 1048576 65536 ri
gemini-3.6-flash,gemini-3.7-flash,gemini-3.8-flash 0.75/3.75/0.075 1048576 65536 ri
gemini-4-argon 2/10/0.1 1048576 65536 ri
glm-5 1/3.2/0.2 204800 131072 r
glm-5.1 1.4/4.4/0.26 204800 131072 r
glm-5.2,glm-5.3 1.4/4.4/0.26 1000000 131072 r
glm-5.3-flash 0.15/0.5/0.03 1000000 131072 ri
gpt-5,gpt-5-codex,gpt-5.1,gpt-5.1-codex 1.07/8.5/0.107 400000 128000 ri
gpt-5-nano 0.05/0.4/0.005 400000 128000 ri
gpt-5.1-codex-max 1.25/10/0.125 400000 128000 ri
gpt-5.1-codex-mini 0.25/2/0.025 400000 128000 ri
gpt-5.2,gpt-5.2-codex,gpt-5.3-codex 1.75/14/0.175 400000 128000 ri
gpt-5.4 2.5/15/0.25 0 128000 ri 272000:5/22.5/0.5
gpt-5.4-mini 0.75/4.5/0.075 400000 128000 ri
gpt-5.4-nano 0.2/1.25/0.02 400000 128000 ri
gpt-5.4-pro,gpt-5.5-pro 30/180/30 1050000 128000 ri
gpt-5.5 5/30/0.5 1050000 128000 ri 272000:10/45/1
gpt-5.6-luna 0.2/1.2/0.02/0.25 1050000 128000 ri 272000:0.4/1.8/0.04/0.5
gpt-5.6-sol 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
gpt-5.6-terra 2/12/0.2/2.5 1050000 128000 ri 272000:4/18/0.4/5
gpt-6-astra 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
gpt-6-luna 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
gpt-6-sol 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
gpt-6.1-sol 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
grok-4.5 2/6/0.3 500000 500000 ri 200000:4/12/0.6
grok-4.6,grok-4.7 2/6/0.5 500000 500000 ri 200000:4/12/1
grok-build-0.1 1/2/0.2 256000 256000 ri
iceman-free - 262144 131072 r
inkling-2-small-free,nemotron-3.5-super-vl-free - 1048576 131072 ri
kimi-k2.5 0.6/3/0.1 262144 65536 ri
kimi-k2.6 0.95/4/0.16 262144 65536 ri
kimi-k2.7-code 0.95/4/0.19 262144 262144 ri
kimi-k3 3/15/0.3/3 1048576 131072 ri
longcat-2.5-free - 1000000 262144 ri
minimax-m2.5,minimax-m2.7 0.3/1.2/0.06 204800 131072 r
minimax-m3 0.3/1.2/0.06 512000 128000 ri
minimax-m3.1-flash-free - 1000000 512000 ri
mistral-large-4 0.68/2.09/0.07 524288 262144 ri
muse-ember-1.0 0.1/0.5/0.004 1048576 270000 ri
muse-spark-1.2,muse-spark-1.3 1.25/4.25/0.15 1048576 131072 ri
muse-wonder-1.0 4/20/0.2 1048576 131072 ri
nemotron-3.5-lightning-free - 262144 262144 r
qwen3.5-plus 0.2/1.2/0.02/0.25 262144 65536 ri
qwen3.6-plus 0.5/3/0.05/0.625 262144 65536 ri
qwen3.8-flash 0.15/0.47/0.016/0.2 1000000 131072 ri
qwen3.8-max 2/6/0.25/2.5 262144 131072 ri`,
  "openrouter": `aion-labs/aion-2.0 0.8/1.6/0.2 131072 32768 r
aion-labs/aion-3.0 3/6/0.75 131072 32768 r
aion-labs/aion-3.0-mini 0.7/1.4/0.18 131072 32768 r
aion-labs/aion-3.5 3/6/0.75 262144 32768 r
aion-labs/aion-3.5-mini 0.7/1.4/0.18 262144 32768 r
amazon/nova-2-lite-v1 0.3/2.5 1000000 65535 ri
amazon/nova-lite-v1 0.06/0.24 300000 5120 i
amazon/nova-micro-v1 0.035/0.14 128000 5120 -
amazon/nova-premier-v1 2.5/12.5/0.625 1000000 32000 i
amazon/nova-pro-v1 0.8/3.2 300000 5120 i
anthropic/claude-fable-5 10/50/1/12.5/20 1000000 128000 ri
anthropic/claude-fable-5.1 10/50/0.25/12.5/20 1000000 128000 ri
anthropic/claude-fable-5.1:batch 5/25/0.125/6.25/10 1000000 128000 ri
anthropic/claude-fable-5.2,~anthropic/claude-fable-latest 8/40/0.2/10/16 1000000 128000 ri
anthropic/claude-fable-5.2:batch 4/20/0.1/5/8 1000000 128000 ri
anthropic/claude-fable-5:batch,anthropic/claude-opus-4.6,anthropic/claude-opus-4.7,anthropic/claude-opus-4.8,anthropic/claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
anthropic/claude-haiku-4.5 1/5/0.1/1.25/2 200000 64000 ri
anthropic/claude-haiku-4.5:batch 0.5/2.5/0.05/0.625/1 200000 64000 ri
anthropic/claude-haiku-5.5,~anthropic/claude-haiku-latest 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
anthropic/claude-haiku-5.5:batch 0.05/0.25/0.005/0.0625/0.1 1000000 128000 ri 100000:0.25/1.25/0.025/0.3125/0.5
anthropic/claude-opus-4.1 15/75/1.5/18.75/30 200000 32000 ri
anthropic/claude-opus-4.1:batch 7.5/37.5/0.75/9.375/15 200000 32000 ri
anthropic/claude-opus-4.5 5/25/0.5/6.25/10 200000 64000 ri
anthropic/claude-opus-4.5:batch 2.5/12.5/0.25/3.125/5 200000 64000 ri
anthropic/claude-opus-4.6:batch,anthropic/claude-opus-4.7:batch,anthropic/claude-opus-4.8:batch,anthropic/claude-opus-5:batch 2.5/12.5/0.25/3.125/5 1000000 128000 ri
anthropic/claude-opus-5.5,~anthropic/claude-opus-latest 4/20/0.2/5/8 1000000 128000 ri
anthropic/claude-opus-5.5:batch,anthropic/claude-sonnet-5.5,~anthropic/claude-sonnet-latest 2/10/0.1/2.5/4 1000000 128000 ri
anthropic/claude-sonnet-4.5 3/15/0.3/3.75/6 1000000 64000 ri 200000:6/22.5/0.6/7.5/12
anthropic/claude-sonnet-4.5:batch 1.5/7.5/0.15/1.875/3 1000000 64000 ri 200000:3/11.25/0.3/3.75/6
anthropic/claude-sonnet-4.6 3/15/0.3/3.75/6 1000000 128000 ri
anthropic/claude-sonnet-4.6:batch 1.5/7.5/0.15/1.875/3 1000000 128000 ri
anthropic/claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
anthropic/claude-sonnet-5.5:batch 1/5/0.05/1.25/2 1000000 128000 ri
anthropic/claude-sonnet-5:batch 1/5/0.1/1.25/2 1000000 128000 ri
auto - 2000000 30000 ri
bytedance-seed/seed-1.6 0.25/2 262144 32768 ri 128000:0.5/4
bytedance-seed/seed-1.6-flash 0.075/0.3 262144 32768 ri 128000:0.1/0.8
bytedance-seed/seed-2-1-turbo 0.5/2.5 262144 235929 ri
bytedance-seed/seed-2.0-code 0.5/3 262144 131072 ri 128000:1/6
bytedance-seed/seed-2.0-lite 0.25/2 262144 131072 ri 128000:0.5/4
bytedance-seed/seed-2.0-mini 0.1/0.4 262144 131072 ri 128000:0.2/0.8
cohere/command-a 2.5/10 256000 8192 -
cohere/command-a-plus 0.3/1.5/0.15 192000 64000 ri
cohere/command-r-08-2024 0.15/0.6 128000 4000 -
cohere/command-r-plus-08-2024 2.5/10 128000 4000 -
cohere/command-r7b-12-2024 0.0375/0.15 128000 4000 -
cohere/north-mini-code:free 0/0 256000 64000 r
deepseek/deepseek-chat 0.32/0.89 163840 16384 -
deepseek/deepseek-chat-v3-0324 0.29/1.14/0.11 128000 115200 -
deepseek/deepseek-chat-v3.1 0.25/0.95/0.13 163840 147456 r
deepseek/deepseek-r1-0528 0.5/2.15/0.35 163840 32768 r
deepseek/deepseek-v3.1-terminus 0.27/1 163840 147456 r
deepseek/deepseek-v3.2 0.26/0.38/0.13 163840 147456 r
deepseek/deepseek-v3.2-exp 0.27/0.41 163840 147456 r
deepseek/deepseek-v4-flash 0.091/0.182/0.0182 1048575 943717 r
deepseek/deepseek-v4-flash-0731,~deepseek/deepseek-v4-flash-latest 0.0434/0.3/0.035 1048576 943718 r
deepseek/deepseek-v4-flash-0731:batch 0.048/0.144/0.012 1048576 384000 r
deepseek/deepseek-v4-flash-vision-exp 0.44/1.32/0.014 1048575 943717 ri
deepseek/deepseek-v4-pro 0.95526/1.91052/0.079605 1024000 384000 r
deepseek/deepseek-v4-pro-0813 0.111/4.44/0.097 1048576 943718 r
deepseek/deepseek-v4.1-flash,deepseek/deepseek-v4.1-flash-1017,~deepseek/deepseek-flash-latest 0.006/0.5/0.005 1048576 943718 ri
deepseek/deepseek-v4.1-flash-1017:batch 0.011/0.2/0.002 1048576 943718 ri
deepseek/deepseek-v4.1-flash:batch 0.112/0.336/0.00336 1048576 131072 ri
dots-studio/dots-3-note-preview:free 0/0 512000 460800 ri
elorian/glimpse 0.6/3/0.06 262144 256000 ri
fireworks/ember-1 3/15/0.3 1048576 943718 ri
google/gemini-2.5-flash 0.3/2.5/0.03/0.083333 1048576 65535 ri
google/gemini-2.5-flash-lite 0.1/0.4/0.01/0.083333 1048576 65535 ri
google/gemini-2.5-pro,google/gemini-2.5-pro-preview 1.25/10/0.125/0.375 1048576 65536 ri 200000:2.5/15/0.25/0.375
google/gemini-3-flash-preview 0.5/3/0.05/0.083333 1048576 65536 ri
google/gemini-3-flash-preview:batch 0.25/1.5 1048576 65536 ri
google/gemini-3-pro-image 2/12/0.2/0.375 65536 32768 ri
google/gemini-3.1-flash-lite,google/gemini-3.1-flash-lite-preview 0.25/1.5/0.025/0.083333 1048576 65536 ri
google/gemini-3.1-flash-lite:batch 0.125/0.75/0.0125 1048576 65536 ri
google/gemini-3.1-pro-preview,google/gemini-3.1-pro-preview-customtools 2/12/0.2/0.375 1048576 65536 ri 200000:4/18/0.4/0.375
google/gemini-3.1-pro-preview:batch 1/6 1048576 65536 ri 200000:2/9
google/gemini-3.5-flash 1.5/9/0.15/0.083333 1048576 65536 ri
google/gemini-3.5-flash-lite 0.3/2.5/0.03/0.083333 1048576 65536 ri
google/gemini-3.5-flash-lite:batch 0.15/1.25/0.015 1048576 65536 ri
google/gemini-3.5-flash:batch 0.75/4.5/0.075 1048576 65536 ri
google/gemini-3.6-flash,google/gemini-3.7-flash,~google/gemini-flash-latest 0.75/3.75/0.075/0.041667 1048576 65536 ri
google/gemini-3.6-flash:batch,google/gemini-3.7-flash:batch,google/gemini-3.8-flash:batch 0.375/1.875/0.0375/0.041667 1048576 65536 ri
google/gemini-3.8-flash 0.825/4.125/0.0825/0.041667 1048576 65536 ri
google/gemini-4-argon,~google/gemini-pro-latest 2/10/0.1/0.1875 1048576 943718 ri
google/gemini-4-argon:batch 1/5/0.05/0.1875 1048576 943718 ri
google/gemini-nano-banana-2.1 1.5/7.5 65536 58982 ri
google/gemma-3-12b-it 0.05/0.15 131072 16384 i
google/gemma-3-27b-it 0.08/0.45/0.04 131072 117964 i
google/gemma-4-26b-a4b-it 0.08/0.1/0.046 256000 128000 ri
google/gemma-4-26b-a4b-it:free,google/gemma-4-31b-it:free 0/0 262144 32768 ri
google/gemma-4-31b-it 0.2/0.4 262144 16384 ri
ibm-granite/granite-4.2-8b 0.06/0.25/0.015 131072 117964 r
inclusionai/ling-3.0-flash 0.021/0.063/0.0042 262144 32768 r
inclusionai/ling-3.0-flash-vl 0.06/0.18/0.012 131072 32768 ri
inclusionai/ling-3.0-tiny 0.015/0.045/0.003 262144 250000 r
inclusionai/ling-3.1-flash 0.045/0.135/0.009 1000000 262144 r
liquid/lfm-2.5-2.6b 0.35/0.5/0.04 128000 8192 r
liquid/lfm-2.5-2.6b:free 0/0 65536 8192 r
liquid/lfm-2.5-24b-a2b 0.05/0.7/0.025 128000 8192 r
liquid/lfm-3-1.7b 0.08/0.2/0.02 262144 8192 r
liquid/lfm-3-1.7b:free 0/0 262144 8192 r
meituan/longcat-2.0 0.3/1.2/0.006 1048756 262144 r
meta-llama/llama-3.1-8b-instruct 0.02/0.04 131072 16384 -
meta-llama/llama-3.3-70b-instruct 0.71/0.71/0.71 128000 115200 -
meta-llama/llama-4-maverick 0.35/1/0.17 524288 32768 i
meta-llama/llama-4-scout 0.1/0.3 327680 16384 i
meta/muse-ember 0.1/0.5/0.004/0.125 1048576 943718 ri
meta/muse-glimmer-30b 0.3/1.2/0.04 131072 16384 ri
meta/muse-glimmer-30b:batch 0.24/0.96/0.032 131072 16384 ri
meta/muse-spark-1.1,meta/muse-spark-1.2,meta/muse-spark-1.3 1.25/4.25/0.15 1048576 943718 ri
meta/muse-spark-1.2-contributor,meta/muse-spark-1.3-contributor 0.1/0.2/0.002 1048576 943718 ri
meta/muse-spark-open 1.25/4.25/0.15 1048576 131072 ri
meta/muse-wonder 4/20/0.2 1048576 943718 ri
minimax/minimax-m2.5 0.3/1.2/0.06 65536 58982 r
minimax/minimax-m2.7 0.21/0.84/0.042 196608 176947 r
minimax/minimax-m3 0.3/1.2/0.06 524288 512000 ri
minimax/minimax-m3.1-flash 0.15/0.6/0.015 1048576 524288 ri
minimax/minimax-m3:batch 0.224/0.88/0.0448 524288 512000 ri
mistralai/codestral-2508 0.3/0.9/0.03 256000 204800 -
mistralai/devstral-2512 0.4/2/0.04 262144 209715 -
mistralai/ministral-14b-2512 0.2/0.2/0.02 262144 209715 i
mistralai/ministral-3b-2512 0.1/0.1/0.01 131072 104857 i
mistralai/ministral-8b-2512 0.15/0.15/0.015 262144 209715 i
mistralai/mistral-large 2/6/0.2 128000 102400 -
mistralai/mistral-large-2407 2/6/0.2 131072 104857 -
mistralai/mistral-large-2512 0.5/1.5/0.05 262144 209715 i
mistralai/mistral-large-4-0 0.7/2.1/0.07 1048576 262144 ri
mistralai/mistral-medium-3,mistralai/mistral-medium-3.1 0.4/2/0.04 131072 104857 i
mistralai/mistral-medium-3-5 1.5/7.5 262144 209715 ri
mistralai/mistral-medium-3-5:batch 0.75/3.75 262144 209715 ri
mistralai/mistral-nemo 0.029/0.03 131072 16384 -
mistralai/mistral-saba 0.2/0.6/0.02 32768 26214 -
mistralai/mistral-small-2603 0.15/0.6/0.015 262144 209715 ri
mistralai/mistral-small-3.1-24b-instruct 0.351/0.555 128000 102400 i
mistralai/mistral-small-3.2-24b-instruct 0.1/0.3/0.01 32768 26214 i
mistralai/mixtral-8x22b-instruct 2/6/0.2 65536 52428 -
mistralai/voxtral-small-24b-2507 0.1/0.3/0.01 32768 26214 -
moonshotai/kimi-k2 0.57/2.3 131072 98304 -
moonshotai/kimi-k2-0905 0.6/2.5 262144 98304 -
moonshotai/kimi-k2-thinking 0.6/2.5/0.15 262144 98304 r
moonshotai/kimi-k2.5 0.41/2.06/0.07 256000 4096 ri
moonshotai/kimi-k2.6 0.65/3.41/0.15 262144 235929 ri
moonshotai/kimi-k2.7-code 0.6/3.5/0.16 262144 235929 ri
moonshotai/kimi-k3 0.192/16/0.182 1048576 131072 ri
moonshotai/kimi-k3.1-pro 2/10/0.2 1048576 131072 ri
moonshotai/kimi-k3:batch 2.28/11.4/0.228 1048576 16384 ri
nex-agi/nex-n2.5-pro 0.075/0.25/0.015 262144 235929 ri
nex-agi/nex-n2.6 0.12/0.4/0.024 262144 235929 ri
nvidia/nemotron-3-nano-30b-a3b 0.06/0.24/0.012 262144 235929 r
nvidia/nemotron-3-nano-omni-30b-a3b-reasoning:free 0/0 256000 65536 ri
nvidia/nemotron-3-super-120b-a12b 0.075/0.4 262144 16384 r
nvidia/nemotron-3-ultra-550b-a55b 0.6/2.4/0.12 202800 182520 r
nvidia/nemotron-3-ultra-550b-a55b:free,nvidia/nemotron-3.5-lightning:free 0/0 1000000 65536 r
nvidia/nemotron-3.5-lightning 0.07/0.2/0.04 262144 235929 r
nvidia/nemotron-3.5-super-vl 0.15/0.47/0.02 1048576 943718 ri
nvidia/nemotron-3.5-super-vl:free 0/0 1000000 131072 ri
openai/gpt-3.5-turbo-0613 1/2 4095 3685 -
openai/gpt-3.5-turbo-16k 3/4 16385 4096 -
openai/gpt-4 30/60 8191 4096 -
openai/gpt-4-turbo:batch,openai/gpt-4o-2024-05-13 5/15 128000 4096 i
openai/gpt-4.1 2/8/0.5 1047576 32768 i
openai/gpt-4.1-mini 0.4/1.6/0.1 1047576 32768 i
openai/gpt-4.1-mini:batch 0.2/0.8/0.05 1047576 32768 i
openai/gpt-4.1-nano 0.1/0.4/0.03 1047576 942818 i
openai/gpt-4.1-nano:batch 0.05/0.2/0.0125 1047576 32768 i
openai/gpt-4.1:batch 1/4/0.25 1047576 32768 i
openai/gpt-4o,openai/gpt-4o-2024-08-06,openai/gpt-4o-2024-11-20 2.5/10/1.25 128000 16384 i
openai/gpt-4o-mini,openai/gpt-4o-mini-2024-07-18 0.15/0.6/0.075 128000 16384 i
openai/gpt-4o-mini:batch 0.075/0.3/0.0375 128000 16384 i
openai/gpt-4o:batch 1.25/5/0.625 128000 16384 i
openai/gpt-5,openai/gpt-5.1,openai/gpt-5.1-codex-max 1.25/10/0.125 400000 128000 ri
openai/gpt-5-mini 0.25/2/0.025 400000 128000 ri
openai/gpt-5-mini:batch 0.125/1/0.0125 400000 128000 ri
openai/gpt-5-nano 0.05/0.4/0.005 400000 128000 ri
openai/gpt-5-nano:batch 0.025/0.2/0.0025 400000 128000 ri
openai/gpt-5-pro 15/120 400000 128000 ri
openai/gpt-5-pro:batch 7.5/60 400000 128000 ri
openai/gpt-5.1-codex 1.25/10/0.13 400000 128000 ri
openai/gpt-5.1-codex-mini 0.25/2/0.03 400000 128000 ri
openai/gpt-5.1:batch,openai/gpt-5:batch 0.625/5/0.0625 400000 128000 ri
openai/gpt-5.2,openai/gpt-5.2-codex,openai/gpt-5.3-codex 1.75/14/0.175 400000 128000 ri
openai/gpt-5.2-chat 1.75/14/0.175 128000 32000 i
openai/gpt-5.2-pro 21/168 400000 128000 ri
openai/gpt-5.2-pro:batch 10.5/84 400000 128000 ri
openai/gpt-5.2:batch 0.875/7/0.0875 400000 128000 ri
openai/gpt-5.4,openai/gpt-5.5:batch 2.5/15/0.25 1050000 128000 ri 272000:5/22.5/0.5
openai/gpt-5.4-mini,~openai/gpt-mini-latest 0.75/4.5/0.075 400000 128000 ri
openai/gpt-5.4-mini:batch 0.375/2.25/0.0375 400000 128000 ri
openai/gpt-5.4-nano 0.2/1.25/0.02 400000 128000 ri
openai/gpt-5.4-nano:batch 0.1/0.625/0.01 400000 128000 ri
openai/gpt-5.4-pro,openai/gpt-5.5-pro 30/180 1050000 128000 ri 272000:60/270
openai/gpt-5.4-pro:batch,openai/gpt-5.5-pro:batch 15/90 1050000 128000 ri 272000:30/135
openai/gpt-5.4:batch 1.25/7.5/0.125 1050000 128000 ri 272000:2.5/11.25/0.25
openai/gpt-5.5 5/30/0.5 1050000 128000 ri 272000:10/45/1
openai/gpt-5.6-luna,openai/gpt-5.6-luna-pro 0.2/1.2/0.02/0.25 1050000 128000 ri 272000:0.4/1.8/0.04/0.5
openai/gpt-5.6-luna-pro:batch,openai/gpt-5.6-luna:batch 0.1/0.6/0.01 1050000 128000 ri 272000:0.2/0.9/0.02
openai/gpt-5.6-sol,openai/gpt-5.6-sol-pro 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
openai/gpt-5.6-sol-pro:batch,openai/gpt-5.6-sol:batch,openai/gpt-6-sol,openai/gpt-6-sol-pro 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
openai/gpt-5.6-terra,openai/gpt-5.6-terra-pro 2/12/0.2/2.5 1050000 128000 ri 272000:4/18/0.4/5
openai/gpt-5.6-terra-pro:batch,openai/gpt-5.6-terra:batch 1/6/0.1 1050000 128000 ri 272000:2/9/0.2
openai/gpt-6-astra,openai/gpt-6-astra-pro,~openai/gpt-astra-latest 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
openai/gpt-6-astra-pro:batch,openai/gpt-6-astra:batch 5/25/0.5/6.25 1050000 128000 ri 272000:10/37.5/1/12.5
openai/gpt-6-luna,openai/gpt-6-luna-pro,~openai/gpt-luna-latest 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
openai/gpt-6-luna-pro:batch,openai/gpt-6-luna:batch 0.05/0.25/0.005/0.0625 1050000 128000 ri 272000:0.1/0.375/0.01/0.125
openai/gpt-6-sol-pro:batch,openai/gpt-6-sol:batch 1/5/0.1/1.25 1050000 128000 ri 272000:2/7.5/0.2/2.5
openai/gpt-6.1-sol,openai/gpt-6.1-sol-pro,~openai/gpt-sol-latest 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
openai/gpt-6.1-sol-pro:batch,openai/gpt-6.1-sol:batch,openai/gpt-6.1-terra,openai/gpt-6.1-terra-pro,~openai/gpt-terra-latest 1/5/0.05/1.25 1050000 128000 ri 272000:2/7.5/0.1/2.5
openai/gpt-6.1-terra-pro:batch,openai/gpt-6.1-terra:batch 0.5/2.5/0.025/0.625 1050000 128000 ri 272000:1/3.75/0.05/1.25
openai/gpt-audio 2.5/10 128000 16384 -
openai/gpt-audio-mini 0.6/2.4 128000 16384 -
openai/gpt-chat-latest 5/30/0.5 400000 128000 i
openai/gpt-oss-120b 0.15/0.6/0.075 131072 65536 r
openai/gpt-oss-120b:batch 0.0296/0.136 131072 117964 r
openai/gpt-oss-20b 0.03/0.13/0.03 131072 117964 r
openai/gpt-oss-20b:batch 0.024/0.112 131072 117964 r
openai/gpt-oss-safeguard-20b 0.075/0.3/0.0375 131072 65536 r
openai/o3 2/8/0.5 200000 100000 ri
openai/o3-mini:batch 0.55/2.2/0.275 200000 100000 r
openai/o3-pro 20/80 200000 100000 ri
openai/o3:batch 1/4/0.25 200000 100000 ri
openai/o4-mini:batch 0.55/2.2/0.1375 200000 100000 ri
openrouter/auto - 2000000 4096 ri
openrouter/auto-beta,openrouter/auto-code - 2000000 64000 ri
openrouter/free - 200000 4096 ri
openrouter/fusion - 1000000 30000 r
openrouter/pareto-code - 2000000 4096 r
particle-ai/particle-1 0.05/0.5/0.003 1048576 131072 ri
perceptron/perceptron-mk1.5 0.15/1.5 36864 8192 ri
prism-ml/ternary-bonsai-2-27b 0.075/0.5/0.0375 262144 32768 ri
prism-ml/ternary-bonsai-2-9b 0.08/0.13/0.04 262144 65536 ri
qwen/qwen-2.5-72b-instruct 0.36/0.4 32768 16384 -
qwen/qwen-2.5-7b-instruct 0.1/0.2 32768 29491 -
qwen/qwen-plus 0.26/0.78/0.052/0.325 1000000 32768 - 256000:0.78/2.34/0.156/0.975
qwen/qwen3-14b 0.1/0.22 40960 36864 r
qwen/qwen3-235b-a22b-2507 0.14/0.8/0.05 131072 117964 -
qwen/qwen3-235b-a22b-thinking-2507 0.45/3.5 128000 16384 r
qwen/qwen3-30b-a3b 0.12/0.5 40960 16384 r
qwen/qwen3-30b-a3b-instruct-2507 0.1/0.3/0.1 262144 235929 -
qwen/qwen3-32b 0.08/0.28 40960 16384 r
qwen/qwen3-coder 0.3/1/0.1 262144 65536 -
qwen/qwen3-coder-30b-a3b-instruct 0.15/0.6 262144 235929 -
qwen/qwen3-coder-flash 0.195/0.975/0.039/0.24375 1000000 65536 - 32000:0.325/1.625/0.065/0.40625 128000:0.52/2.6/0.104/0.65
qwen/qwen3-coder-next 0.12/0.8/0.07 262144 235929 -
qwen/qwen3-next-80b-a3b-instruct 0.09/1.1 262144 16384 -
qwen/qwen3-vl-235b-a22b-instruct 0.21/1.9/0.1 131072 32768 i
qwen/qwen3-vl-30b-a3b-instruct 0.15/0.6 262144 16384 i
qwen/qwen3-vl-30b-a3b-thinking 0.29/1 262144 235929 ri
qwen/qwen3-vl-8b-instruct 0.25/0.75/0.12 262144 235929 i
qwen/qwen3.5-122b-a10b 0.26/2.08 262144 65536 ri
qwen/qwen3.5-27b 0.26/2.6 262144 81920 ri
qwen/qwen3.5-35b-a3b 0.14/1/0.05 262144 81920 ri
qwen/qwen3.5-397b-a17b 0.6/3.6/0.12 256000 64000 ri
qwen/qwen3.5-9b 0.17/0.25 262144 235929 ri
qwen/qwen3.5-flash-02-23 0.065/0.26 1000000 65536 ri
qwen/qwen3.5-plus-02-15 0.26/1.56 1000000 65536 ri 256000:0.325/1.95
qwen/qwen3.5-plus-20260420 0.3/1.8//0.375 1000000 65536 ri 256000:0.375/2.25//0.46875
qwen/qwen3.6-27b 0.32/3.2 262144 81920 ri
qwen/qwen3.6-35b-a3b 0.1/0.9/0.025 262144 235929 ri
qwen/qwen3.6-flash 0.1875/1.125//0.234375 1000000 65536 ri 256000:0.75/3//0.9375
qwen/qwen3.6-plus 0.325/1.95//0.40625 1000000 65536 ri 256000:1.3/3.9//1.625
qwen/qwen3.7-flash 0.03/0.13/0.006/0.038 1000000 65536 ri 32000:0.1/0.4/0.02/0.125 256000:0.2/0.8/0.04/0.25
qwen/qwen3.7-max 1.475/4.425/0.295/1.84375 1000000 131072 r
qwen/qwen3.7-plus 0.32/1.28/0.064/0.4 1000000 131072 ri 256000:0.96/3.84/0.192/1.2
qwen/qwen3.7-plus:batch 0.23/0.92 262144 131072 ri
qwen/qwen3.8-2.4t-a95b 2/6/0.25 1048576 131072 r
qwen/qwen3.8-27b 0.15/1.875/0.0375 262144 235929 ri
qwen/qwen3.8-27b:batch 0.16/2/0.04 262144 235929 ri
qwen/qwen3.8-flash,qwen/qwen3.8-omni-flash 0.15/0.47/0.016 1000000 131072 ri
qwen/qwen3.8-max-0902 2/6/0.25 1000000 131072 ri
qwen/qwen3.8-max-0902:batch 1.15/3.45 262144 131072 ri
qwen/qwen3.8-max-prime 4/12/0.5 1000000 131072 ri
recursive/flint-v1.0:free,xingchen-agi/xing4.0-29b-a4b:free 0/0 262144 235929 r
reflection/beam-1.0-501b-a23b 0.3/1/0.04 1048576 943718 r
rekaai/reka-edge 0.1/0.1 16384 14745 i
relace/relace-search 1/3 256000 128000 -
ricursiveai/ripple-65b-preview 0.2/0.6/0.05 1048576 131072 r
sakana/fugu-max 2/6/0.25 1000000 128000 ri
sakana/fugu-ultra,sakana/fugu-ultra-v2 5/30/0.5 1000000 128000 ri 272000:10/45/1
sakana/sakana-namazu 0.95/4/0.15 262144 65536 ri
stepfun/step-3.5-flash 0.1/0.3 262144 65536 r
stepfun/step-3.7-flash 0.2/1.15/0.04 256000 230400 ri
stepfun/step-5-preview 1/2.7/0.1 1000000 64000 ri
tencent/hy3 0.132/0.528/0.033 262144 128000 r
tencent/hy3-preview 0.18/0.6/0.06 262144 235929 r
tencent/hy4 0.417/1.2505/0.021 1048576 65536 ri
tencent/hy4-preview 0.834/2.501/0.042 1048576 64000 r
thinkingmachines/inkling 1/4.05/0.17 524288 471859 ri
thinkingmachines/inkling-2-small:free 0/0 1048576 131072 ri
thinkingmachines/inkling-small 0.45/1.2/0.1 524288 262144 ri
thinkingmachines/inkling-small:batch 0.36/0.96/0.08 524288 262144 ri
typesafe/jev-router - 1000000 64000 ri
unbiased/pareto-26.10,~unbiased/pareto-latest 0.8/3.2/0.03 1048576 131072 i
unbiased/pareto-26.9 2.5/7.5/0.25 262144 131072 i
upstage/solar-mini4 0.05/0.2/0.005 524288 131072 r
upstage/solar-pro4 0.15/0.6/0.03 524288 131072 r
x-ai/grok-4.20 1.25/2.5/0.2 2000000 1800000 ri 200000:2.5/5/0.4
x-ai/grok-4.3 1.25/2.5/0.2 1000000 900000 ri 200000:2.5/5/0.4
x-ai/grok-4.3:batch 1/2/0.16 1000000 900000 ri 200000:2/4/0.32
x-ai/grok-4.5 2/6/0.3 500000 450000 ri 200000:4/12/0.6
x-ai/grok-4.6,x-ai/grok-4.7,~x-ai/grok-latest 2/6/0.5 500000 450000 ri 200000:4/12/1
x-ai/grok-4.6:batch,x-ai/grok-4.7:batch 1.6/4.8/0.4 500000 450000 ri 200000:3.2/9.6/0.8
x-ai/grok-build-0.1 1/2/0.2 256000 230400 ri 200000:2/4/0.4
xiaomi/mimo-v2.5 0.4/2/0.08 1000000 65536 ri
xiaomi/mimo-v2.5-pro 0.48/1.8/0.096 262144 235929 r
xiaomi/mimo-v2.6-flash 0.14/0.28/0.0028 1048576 131072 ri
xiaomi/mimo-v2.6-pro 0.435/0.87/0.0036 1048576 131072 ri
xiaomi/mimo-v2.6-pro-ultraspeed 4.35/8.7/0.036 1048576 131072 ri
z-ai/glm-4.5 0.6/2.2/0.11 131072 98304 r
z-ai/glm-4.5-air 0.2/1.1/0.03 131072 98304 r
z-ai/glm-4.5v 0.6/1.8/0.11 65536 16384 ri
z-ai/glm-4.6 0.5/2/0.1 202752 131072 r
z-ai/glm-4.6v 0.3/0.9/0.055 131072 32768 ri
z-ai/glm-4.7 0.6/2.2/0.11 204800 131072 r
z-ai/glm-4.7-flash 0.0605/0.4 131072 117964 r
z-ai/glm-5 0.6/1.9/0.119 202752 131072 r
z-ai/glm-5-turbo 1.2/4/0.24 202752 131072 r
z-ai/glm-5.1 1.4/4.4/0.26 202752 131072 r
z-ai/glm-5.2 0.0062/6.8/0.0052 1048576 943718 r
z-ai/glm-5.2:batch 0.527/1.075/0.178 1048576 943718 r
z-ai/glm-5.3,~z-ai/glm-latest 0.0699/1.4/0.0689 1048576 943718 r
z-ai/glm-5.3-flash 0.15/0.5/0.03 1048575 943717 ri
z-ai/glm-5.3-flash:batch 0.03/0.061/0.013 1048576 943718 ri
z-ai/glm-5.3-flashx,z-ai/glm-5.3-flashx-legal 0.37/1.25/0.075 1048576 131072 ri
z-ai/glm-5.3-prime 2.8/8.8/0.56 1000000 131072 r
z-ai/glm-5.3:batch 0.45/2/0.1 1048576 131072 r
z-ai/glm-5v-turbo 1.2/4/0.24 202752 131072 ri
~deepseek/deepseek-pro-latest 0.0999/8/0.0999 1048576 393216 r
~moonshotai/kimi-latest 0.1824/9.3388/0.18 1048576 131072 ri
~z-ai/glm-flash-latest 0.0399/0.0784/0.03 1048576 131072 ri`,
  "together": `MiniMaxAI/MiniMax-M3 0.3/1.2/0.06 524288 524288 ri
Qwen/Qwen3.5-9B 0.17/0.25 262144 65536 ri
Qwen/Qwen3.6-Plus 0.5/3 1000000 65536 r
Qwen/Qwen3.7-Max 2.5/7.5/0.5 1000000 131072 r
deepseek-ai/DeepSeek-V4-Pro-0813 1.32/3.96/0.13 1048576 384000 r
deepseek-ai/DeepSeek-V4.1-Flash 0.3/1.2/0.006 1048576 384000 ri
meta-models/Muse-Spark-Open-816B-A42B 1.25/4.25/0.15 1048576 131072 ri
moonshotai/Kimi-K3 3/15/0.3 1048576 131072 ri
moonshotai/Kimi-K3.1-Pro 2/10/0.2 1048576 131072 ri
nvidia/NVIDIA-Nemotron-3.5-Super-VL 0.15/0.5/0.02 262144 262144 ri
openai/gpt-oss-120b 0.15/0.6 131072 131072 r
reflection/Beam-1.0-501B-A23B 0.4/1.2/0.04 1048576 131072 r
thinkingmachines/Inkling 1/4.05/0.17 524288 131072 ri
zai-org/GLM-5.2 1.4/4.4/0.26 1048575 164000 r
zai-org/GLM-5.3 1.4/4.4/0.26 1048575 262144 r
zai-org/GLM-5.3-Flash 0.15/0.5/0.03 1048575 400000 ri`,
  "vercel-ai-gateway": `alibaba/qwen-3-14b 0.12/0.24 40960 16384 r
alibaba/qwen-3-235b 0.22/0.88 262144 16384 -
alibaba/qwen-3-30b 0.12/0.5 40960 16384 r
alibaba/qwen-3-32b 0.15/0.6 128000 8192 r
alibaba/qwen3-coder 0.22/1.8/0.022 262144 32768 -
alibaba/qwen3-coder-30b-a3b 0.15/0.6 262144 8192 -
alibaba/qwen3-coder-next 0.5/1.2 256000 256000 -
alibaba/qwen3-max-thinking 1.2/6/0.24 256000 65536 r 32000:2.4/12/0.48 128000:3/15/0.6
alibaba/qwen3-next-80b-a3b-instruct 0.15/1.2 262114 262114 -
alibaba/qwen3-next-80b-a3b-thinking 0.15/1.2 262144 262144 r
alibaba/qwen3-vl-instruct 0.2/0.88/0.11 262144 262144 i
alibaba/qwen3.5-flash 0.1/0.4/0.01/0.125 1000000 64000 ri
alibaba/qwen3.5-plus 0.4/2.4/0.04/0.5 1000000 64000 ri 256000:0.5/3/0.05/0.625
alibaba/qwen3.6-27b 0.6/3.6 256000 256000 ri
alibaba/qwen3.6-plus 0.5/3/0.05/0.625 1000000 64000 ri 255999:2/6/0.2/2.5
alibaba/qwen3.7-flash 0.03/0.13/0.006/0.038 991000 64000 ri 31999:0.1/0.4/0.02/0.125 255999:0.2/0.8/0.04/0.25
alibaba/qwen3.7-max 2.5/7.5/0.5/3.125 991000 64000 r
alibaba/qwen3.7-plus 0.4/1.6/0.08/0.5 1000000 64000 ri 255999:1.2/4.8/0.24/1.5
alibaba/qwen3.8-2.4t-a95b,alibaba/qwen3.8-max 2/6/0.25 262144 128000 ri
alibaba/qwen3.8-27b 0.06/2.3/0.059 262144 262144 ri
alibaba/qwen3.8-flash 0.15/0.47/0.016/0.2 991000 128000 ri
alibaba/qwen3.8-max-0902 2/6/0.25/2.5 991000 128000 ri
alibaba/qwen3.8-max-prime 4/12/0.5/5 1000000 131072 ri
alibaba/qwen3.8-omni-flash 0.15/0.47/0.016 1000000 131072 ri
amazon/nova-2-lite 0.33/2.75/0.0825 1000000 1000000 ri
amazon/nova-lite 0.06/0.24/0.015 300000 8192 i
amazon/nova-micro 0.035/0.14/0.0087 128000 8192 -
amazon/nova-pro 0.8/3.2/0.2 300000 8192 i
anthropic/claude-fable-5,anthropic/claude-opus-4.8-fast,anthropic/claude-opus-5-fast 10/50/1/12.5/20 1000000 128000 ri
anthropic/claude-fable-5-batch,anthropic/claude-opus-4.6,anthropic/claude-opus-4.7,anthropic/claude-opus-4.8,anthropic/claude-opus-5 5/25/0.5/6.25/10 1000000 128000 ri
anthropic/claude-fable-5.1 10/50/0.25/12.5/20 1000000 128000 ri
anthropic/claude-fable-5.1-batch 5/25/0.125/6.25/10 1000000 128000 ri
anthropic/claude-fable-5.2 8/40/0.2/10/16 1000000 128000 ri
anthropic/claude-fable-5.2-batch 4/20/0.1/5/8 1000000 128000 ri
anthropic/claude-fable-5.2-fast 16/80/0.4/20/32 1000000 128000 ri
anthropic/claude-haiku-4.5 1/5/0.1/1.25/2 200000 64000 ri
anthropic/claude-haiku-4.5-batch 0.5/2.5/0.05/0.625/1 200000 64000 ri
anthropic/claude-haiku-5.5 0.1/0.5/0.01/0.125/0.2 1000000 128000 ri 100000:0.5/2.5/0.05/0.625/1
anthropic/claude-haiku-5.5-batch 0.05/0.25/0.005/0.0625/0.1 1000000 128000 ri 100000:0.25/1.25/0.025/0.3125/0.5
anthropic/claude-opus-4.5 5/25/0.5/6.25/10 200000 64000 ri
anthropic/claude-opus-4.5-batch 2.5/12.5/0.25/3.125/5 200000 64000 ri
anthropic/claude-opus-4.6-batch,anthropic/claude-opus-4.7-batch,anthropic/claude-opus-4.8-batch,anthropic/claude-opus-5-batch 2.5/12.5/0.25/3.125/5 1000000 128000 ri
anthropic/claude-opus-5.5 4/20/0.2/5/8 1000000 128000 ri
anthropic/claude-opus-5.5-batch,anthropic/claude-sonnet-5.5 2/10/0.1/2.5/4 1000000 128000 ri
anthropic/claude-opus-5.5-fast 8/40/0.4/10/16 1000000 128000 ri
anthropic/claude-sonnet-4.5 3/15/0.3/3.75/6 1000000 64000 ri 200000:6/22.5/0.6/7.5/12
anthropic/claude-sonnet-4.5-batch 1.5/7.5/0.15/1.875/3 1000000 64000 ri 200000:3/11.25/0.3/3.75/6
anthropic/claude-sonnet-4.6 3/15/0.3/3.75/6 1000000 128000 ri
anthropic/claude-sonnet-4.6-batch 1.5/7.5/0.15/1.875/3 1000000 128000 ri
anthropic/claude-sonnet-5 2/10/0.2/2.5/4 1000000 128000 ri
anthropic/claude-sonnet-5-batch 1/5/0.1/1.25/2 1000000 128000 ri
anthropic/claude-sonnet-5.5-batch 1/5/0.05/1.25/2 1000000 128000 ri
bytedance/seed-1.6 0.25/2/0.05 256000 32000 ri 128000:0.5/4/0.05
bytedance/seed-1.8 0.25/2/0.05 256000 64000 ri 128000:0.5/4/0.05
bytedance/seed-2.1-turbo 0.5/2.5/0.1 262144 262144 ri
callstack/apex 0.5/3/0.2 262144 131072 ri
cohere/command-a 2.5/10 256000 8000 -
deepseek/deepseek-r1 1.35/5.4 128000 8192 r
deepseek/deepseek-v3.1 0.25/0.95/0.13 163840 128000 r
deepseek/deepseek-v3.2,deepseek/deepseek-v3.2-thinking 0.62/1.85 128000 8000 -
deepseek/deepseek-v4-flash,deepseek/deepseek-v4-flash-0731 0.13/0.26/0.028 1000000 384000 r
deepseek/deepseek-v4-flash-vision-exp 0.2156/0.6468/0.0068 1048576 1048576 ri
deepseek/deepseek-v4-pro 1.32/3.96/0.132 1048600 1048600 r
deepseek/deepseek-v4-pro-0813 0.66/1.98/0.066 1000000 384000 r
deepseek/deepseek-v4.1-flash 0.3/1.2/0.007 1048576 32768 ri
deepseek/deepseek-v4.1-flash-1017 0.3/1.2/0.007 1048576 262144 ri
deepseek/deepseek-v4.1-flash-1017-fast 0.6/2.4/0.014 1048576 262144 ri
deepseek/deepseek-v4.1-flash-1017-ultrafast 2.4/9.6/0.048 1048576 1048576 ri
deepseek/deepseek-v4.1-flash-fast 0.6/2.4/0.014 1048576 32768 ri
fireworks/ember-1 3/15/0.3 1048576 1048576 ri
google/gemini-2.5-flash 0.3/2.5/0.03 1000000 65535 ri
google/gemini-2.5-flash-batch 0.15/1.25/0.03 1000000 64000 ri
google/gemini-2.5-flash-lite 0.1/0.4/0.01 1048576 65535 ri
google/gemini-2.5-flash-lite-batch 0.05/0.2/0.01 1048576 65535 ri
google/gemini-2.5-pro 1.25/10/0.125 1048576 65535 ri 200000:2.5/15/0.25
google/gemini-2.5-pro-batch 0.625/5/0.125 1048576 65535 ri 200000:1.25/7.5/0.25
google/gemini-3-flash 0.5/3/0.05 1000000 65000 ri 200000:0.5/3/0.05
google/gemini-3-flash-batch 0.25/1.5/0.05 1000000 64000 ri 200000:0.25/1.5/0.05
google/gemini-3.1-flash-lite 0.25/1.5/0.03 1000000 65000 ri
google/gemini-3.1-flash-lite-batch 0.125/0.75/0.015 1000000 65000 ri
google/gemini-3.1-pro-preview 2/12/0.2 1000000 64000 ri 200000:4/18/0.4
google/gemini-3.1-pro-preview-batch 1/6/0.2 1000000 64000 ri 200000:2/9/0.4
google/gemini-3.5-flash 1.5/9/0.15 1000000 64000 ri
google/gemini-3.5-flash-lite 0.3/2.5/0.03 1000000 65000 ri
google/gemini-3.5-flash-lite-batch 0.15/1.25/0.015 1000000 65000 ri
google/gemini-3.6-flash 0.75/3.75/0.075 1000000 64000 ri
google/gemini-3.6-flash-batch 0.375/1.875/0.0375 1000000 64000 ri
google/gemini-3.7-flash,google/gemini-3.8-flash 0.75/3.75/0.075 1000000 65535 ri
google/gemini-4-argon 2/10/0.1 1000000 1000000 ri
google/gemma-4-26b-a4b-it 0.15/0.6/0.015 262144 131072 ri
google/gemma-4-31b-it 0.14/0.4 262144 131072 ri
humansand/ampersand-v0.1 - 1000000 32768 r
inception/mercury-2 0.25/0.75/0.025 128000 128000 r
inception/mercury-2.5 0.04/0.15/0.004 260000 65536 r
inception/mercury-3 0.1/0.35/0.01 1000000 131072 r
inception/mercury-coder-small 0.25/1 32000 16384 -
inclusionai/ling-3.0-flash 0.021/0.063/0.0042 256000 32000 r
inclusionai/ling-3.0-flash-fin,inclusionai/ling-3.0-flash-sante 0.075/0.22/0.015 256000 32000 r
inclusionai/ling-3.0-flash-vl 0.075/0.22/0.015 256000 32000 ri
inclusionai/ling-3.1-flash 0.3/0.9/0.06 262144 32768 r
inclusionai/ling-3.1-flash-1019 0.3/0.9/0.06 1000000 262144 r
interfaze/interfaze-beta 1.5/3.5 1000000 32000 ri
liquid/lfm2.5-24b-a2b 0.05/0.7/0.025 128000 8200 r
meituan/longcat-2.5 0.3/1.2/0.006 1048576 131072 ri
meta/llama-3.1-70b,meta/llama-3.3-70b 0.72/0.72 128000 8192 -
meta/llama-3.1-8b 0.22/0.22 128000 8192 -
meta/llama-4-maverick 0.24/0.97 128000 8192 i
meta/llama-4-scout 0.17/0.66 128000 8192 i
meta/muse-ember 0.1/0.5/0.004 1048576 1048576 ri
meta/muse-glimmer-30b 0.35/1.5/0.04 131072 131072 ri
meta/muse-spark-1.1,meta/muse-spark-1.2,meta/muse-spark-1.3,meta/muse-spark-open 1.25/4.25/0.15 1048576 1048576 ri
meta/muse-spark-1.2-contributor,meta/muse-spark-1.3-contributor 0.1/0.2/0.002 1048576 1048576 ri
meta/muse-wonder-1.0 4/20/0.2 1048576 1048576 ri
minimax/minimax-m2 0.3/1.2/0.03/0.375 205000 205000 r
minimax/minimax-m2.1 0.3/1.2/0.03/0.375 204800 131072 r
minimax/minimax-m2.1-lightning 0.3/2.4/0.03/0.375 204800 131072 r
minimax/minimax-m2.5 0.3/1.2/0.03/0.375 204800 131000 r
minimax/minimax-m2.5-highspeed 0.6/2.4/0.03/0.375 204800 131000 r
minimax/minimax-m2.7 0.3/1.2/0.06/0.375 204800 131000 r
minimax/minimax-m2.7-highspeed 0.6/2.4/0.06/0.375 204800 131100 r
minimax/minimax-m3 0.3/1.2/0.06 512000 512000 ri
minimax/minimax-m3.1-flash 0.15/0.6/0.015 1048576 1048576 ri
mistral/codestral 0.3/0.9/0.03 128000 4000 -
mistral/ministral-14b 0.2/0.2/0.02 262144 256000 i
mistral/ministral-3b 0.1/0.1/0.01 131072 4000 i
mistral/ministral-8b 0.15/0.15/0.015 262144 4000 i
mistral/mistral-large-3 0.5/1.5/0.05 262144 256000 i
mistral/mistral-large-4 0.7/2.1/0.07 1048576 262144 ri
mistral/mistral-medium-3.5 1.5/7.5/0.15 262144 256000 ri
mistral/mistral-nemo 0.029/0.03 131072 131072 -
mistral/mistral-small 0.15/0.6/0.015 262144 4000 i
mixedbread/toast-1 0.3/0.72/0.036 131000 4000 -
moonshotai/kimi-k2 0.57/2.3 131072 131072 -
moonshotai/kimi-k2.5 0.6/3 256000 256000 ri
moonshotai/kimi-k2.6 0.95/4/0.16 262000 262000 ri
moonshotai/kimi-k2.7-code 0.95/4/0.19 256000 32768 ri
moonshotai/kimi-k2.7-code-highspeed 1.9/8/0.38 262144 32768 ri
moonshotai/kimi-k3 3/15/0.3 1000000 131072 ri
moonshotai/kimi-k3-fast 4.5/22.5/0.45 1000000 131072 ri
moonshotai/kimi-k3.1-pro 2/10/0.2 1000000 131072 ri
moonshotai/kimi-k3.1-pro-highspeed 4/20/0.2/4 1048576 131072 ri
nvidia/nemotron-3-nano-30b-a3b 0.05/0.2/0.025 262144 262144 r
nvidia/nemotron-3-super-120b-a12b 0.15/0.65 256000 32000 r
nvidia/nemotron-3-ultra-550b-a55b 0.6/2.4/0.12 1000000 65000 r
nvidia/nemotron-3.5-lightning 0.06/0.16/0.03 262144 131072 r
nvidia/nemotron-3.5-lightning-free - 1000000 65000 r
nvidia/nemotron-3.5-super-vl 0.2/0.5/0.04 1048576 1048576 ri
nvidia/nemotron-nano-12b-v2-vl 0.2/0.6 131072 131072 ri
nvidia/nemotron-nano-9b-v2 0.06/0.23 131072 131072 r
openai/gpt-4.1 2/8/0.5 1047576 32768 i
openai/gpt-4.1-batch 1/4/0.25 1047576 32768 i
openai/gpt-4.1-fast 3.5/14/0.875 1047576 32768 i
openai/gpt-4.1-mini 0.4/1.6/0.1 1047576 32768 i
openai/gpt-4.1-mini-batch 0.2/0.8/0.05 1047576 32768 i
openai/gpt-4.1-mini-fast 0.7/2.8/0.175 1047576 32768 i
openai/gpt-4.1-nano 0.1/0.4/0.03 1047576 32768 i
openai/gpt-4o 2.5/10/1.25 128000 16384 i
openai/gpt-4o-batch 1.25/5/0.625 128000 16384 i
openai/gpt-4o-fast 4.25/17/2.125 128000 16384 i
openai/gpt-4o-mini 0.15/0.6/0.075 128000 16384 i
openai/gpt-4o-mini-batch 0.075/0.3/0.0375 128000 16384 i
openai/gpt-4o-mini-fast 0.25/1/0.125 128000 16384 i
openai/gpt-5,openai/gpt-5.1-codex-max,openai/gpt-5.1-thinking 1.25/10/0.125 400000 128000 ri
openai/gpt-5-batch 0.625/5/0.0625 400000 128000 ri
openai/gpt-5-codex,openai/gpt-5.1-codex 1.25/10/0.13 400000 128000 ri
openai/gpt-5-fast,openai/gpt-5.1-thinking-fast 2.5/20/0.25 400000 128000 ri
openai/gpt-5-mini 0.25/2/0.025 400000 128000 ri
openai/gpt-5-mini-batch 0.125/1/0.0125 400000 128000 ri
openai/gpt-5-mini-fast 0.45/3.6/0.045 400000 128000 ri
openai/gpt-5-nano 0.05/0.4/0.005 400000 128000 ri
openai/gpt-5-nano-batch 0.025/0.2/0.0025 400000 128000 ri
openai/gpt-5-pro 15/120 400000 272000 ri
openai/gpt-5-pro-batch 7.5/60 400000 272000 ri
openai/gpt-5.1-codex-mini 0.25/2/0.03 400000 128000 ri
openai/gpt-5.2,openai/gpt-5.2-codex,openai/gpt-5.3-codex 1.75/14/0.175 400000 128000 ri
openai/gpt-5.2-batch 0.875/7/0.0875 400000 128000 ri
openai/gpt-5.2-fast,openai/gpt-5.3-codex-fast 3.5/28/0.35 400000 128000 ri
openai/gpt-5.2-pro 21/168 400000 128000 ri
openai/gpt-5.4 2.5/15/0.25 1050000 128000 ri 271999:5/22.5/0.5
openai/gpt-5.4-batch 1.25/7.5/0.125 1050000 128000 ri 271999:2.5/11.25/0.25
openai/gpt-5.4-fast 5/30/0.5 1050000 128000 ri
openai/gpt-5.4-mini 0.75/4.5/0.075 400000 128000 ri
openai/gpt-5.4-mini-batch 0.375/2.25/0.0375 400000 128000 ri
openai/gpt-5.4-mini-fast 1.5/9/0.15 400000 128000 ri
openai/gpt-5.4-nano 0.2/1.25/0.02 400000 128000 ri
openai/gpt-5.4-nano-batch 0.1/0.625/0.01 400000 128000 ri
openai/gpt-5.4-pro 30/180 1050000 128000 ri 271999:60/270
openai/gpt-5.5 5/30/0.5 1000000 128000 ri 271999:10/45/1
openai/gpt-5.5-batch 2.5/15/0.25 1000000 128000 ri 271999:5/22.5/0.5
openai/gpt-5.5-fast 12.5/75/1.25 1000000 128000 ri
openai/gpt-5.5-pro 30/180 1000000 128000 ri 271999:60/270
openai/gpt-5.5-pro-batch 15/90 1000000 128000 ri 271999:30/135
openai/gpt-5.6-luna 0.2/1.2/0.02/0.25 1050000 128000 ri 271999:0.4/1.8/0.04/0.5
openai/gpt-5.6-luna-batch 0.1/0.6/0.01/0.125 1050000 128000 ri 271999:0.2/0.9/0.02/0.25
openai/gpt-5.6-luna-fast 0.4/2.4/0.04/0.5 1050000 128000 ri 271999:0.8/3.6/0.08/1
openai/gpt-5.6-sol 4/20/0.4/5 1050000 128000 ri 271999:8/30/0.8/10
openai/gpt-5.6-sol-batch 2/10/0.2/2.5 1050000 128000 ri 271999:4/15/0.4/5
openai/gpt-5.6-sol-fast 8/40/0.8/10 1050000 128000 ri 271999:16/60/1.6/20
openai/gpt-5.6-terra 2/12/0.2/2.5 1050000 128000 ri 271999:4/18/0.4/5
openai/gpt-5.6-terra-batch 1/6/0.1/1.25 1050000 128000 ri 271999:2/9/0.2/2.5
openai/gpt-5.6-terra-fast 4/24/0.4/5 1050000 128000 ri 271999:8/36/0.8/10
openai/gpt-6-astra 10/50/1/12.5 1050000 128000 ri 272000:20/75/2/25
openai/gpt-6-astra-batch 5/25/0.5/6.25 1050000 128000 ri 272000:10/37.5/1/12.5
openai/gpt-6-astra-fast 20/100/2/25 1050000 128000 ri 272000:40/150/4/50
openai/gpt-6-luna 0.1/0.5/0.01/0.125 1050000 128000 ri 272000:0.2/0.75/0.02/0.25
openai/gpt-6-luna-batch 0.05/0.25/0.005/0.0625 1050000 128000 ri 272000:0.1/0.375/0.01/0.125
openai/gpt-6-luna-fast 0.2/1/0.02/0.25 1050000 128000 ri 272000:0.4/1.5/0.04/0.5
openai/gpt-6-sol 2/10/0.2/2.5 1050000 128000 ri 272000:4/15/0.4/5
openai/gpt-6-sol-batch 1/5/0.1/1.25 1050000 128000 ri 272000:2/7.5/0.2/2.5
openai/gpt-6-sol-fast 4/20/0.4/5 1050000 128000 ri 272000:8/30/0.8/10
openai/gpt-6.1-sol,openai/gpt-6.1-terra-fast 2/10/0.1/2.5 1050000 128000 ri 272000:4/15/0.2/5
openai/gpt-6.1-sol-batch,openai/gpt-6.1-terra 1/5/0.05/1.25 1050000 128000 ri 272000:2/7.5/0.1/2.5
openai/gpt-6.1-sol-fast 4/20/0.2/5 1050000 128000 ri 272000:8/30/0.4/10
openai/gpt-oss-120b 0.1/0.5/0.1 131072 131072 r
openai/gpt-oss-20b 0.03/0.14 131072 8192 r
openai/gpt-oss-safeguard-120b 0.15/0.6 128000 16000 r
openai/gpt-oss-safeguard-20b 0.07/0.2 128000 16000 r
openai/o1 15/60/7.5 200000 100000 ri
openai/o3 2/8/0.5 200000 100000 ri
openai/o3-fast 3.5/14/0.875 200000 100000 ri
openai/o3-mini 1.1/4.4/0.55 200000 100000 r
openai/o3-pro 20/80 200000 100000 ri
openai/o4-mini 1.1/4.4/0.275 200000 100000 ri
particle/particle-1 0.125/0.5/0.015 1048576 131072 ri
poolside/laguna-s-2.1 0.09/0.18/0.009 1000000 131072 r
quiverai/arrow-2 4/20/0.4/5 131072 131072 ri
quiverai/arrow-2-telos 6/30/0.6/7.5 131072 131072 ri
reflection/beam,reflection/beam-free - 1048576 131072 r
sakana/fugu-max 2/6/0.25 1000000 1000000 ri
sakana/fugu-ultra,sakana/fugu-ultra-v2 5/30/0.5 1000000 1000000 ri 272000:10/45/1
sakana/namazu 0.95/4/0.15 256000 256000 ri
spacexai/grok-4.20-multi-agent,spacexai/grok-4.20-multi-agent-beta,spacexai/grok-4.20-reasoning,spacexai/grok-4.20-reasoning-beta 1.25/2.5/0.2 2000000 2000000 ri 200000:2.5/5/0.4
spacexai/grok-4.20-multi-agent-batch,spacexai/grok-4.20-reasoning-batch 1/2/0.16 2000000 2000000 ri 200000:2/4/0.32
spacexai/grok-4.20-non-reasoning,spacexai/grok-4.20-non-reasoning-beta 1.25/2.5/0.2 2000000 2000000 i 200000:2.5/5/0.4
spacexai/grok-4.20-non-reasoning-batch 1/2/0.16 2000000 2000000 i 200000:2/4/0.32
spacexai/grok-4.3 1.25/2.5/0.2 1000000 1000000 ri 200000:2.5/5/0.4
spacexai/grok-4.3-batch 1/2/0.16 1000000 1000000 ri 200000:2/4/0.32
spacexai/grok-4.5 2/6/0.3 500000 500000 ri 200000:4/12/0.6
spacexai/grok-4.6,spacexai/grok-4.7 2/6/0.5 500000 500000 ri 200000:4/12/1
spacexai/grok-build-0.1 1/2/0.2 256000 256000 ri 200000:2/4/0.4
spacexai/grok-voice-3.0 - 4096 4096 r
stealth/glyph-cluster - 256000 256000 r
stepfun/step-3.7-flash 0.2/1.15/0.04 256000 256000 ri
stepfun/step-5-preview 1/2.7/0.1 1048576 1048576 ri
tencent/hy3 0.14/0.58/0.035 262144 262144 r
tencent/hy4 0.417/1.2505/0.021 1024000 64000 ri
tencent/hy4-preview 0.834/2.501/0.042 1024000 64000 r
thinkingmachines/inkling 1/4.05/0.17 256000 256000 ri
thinkingmachines/inkling-small 0.45/1.2/0.1 1000000 1000000 ri
xiaomi/mimo-v2.6-flash 0.14/0.28/0.0028 1048576 131072 ri
xiaomi/mimo-v2.6-pro 0.435/0.87/0.0036 1048576 131072 ri
xiaomi/mimo-v2.6-pro-ultraspeed 4.35/8.7/0.036 1048576 131072 ri
zai/glm-4.5 0.6/2.2/0.11 128000 96000 r
zai/glm-4.5-air 0.2/1.1/0.03 128000 96000 r
zai/glm-4.5v 0.6/1.8/0.11 66000 16000 ri
zai/glm-4.6 0.6/2.2/0.11 200000 96000 r
zai/glm-4.7 0.6/2.2 200000 120000 r
zai/glm-4.7-flash 0.07/0.4 200000 131000 r
zai/glm-4.7-flashx 0.06/0.4/0.01 200000 128000 r
zai/glm-5 1/3.2 202800 131100 r
zai/glm-5-turbo 1.2/4/0.24 202800 131100 r
zai/glm-5.1 1.4/4.4/0.26 202800 64000 r
zai/glm-5.2 1.4/4.4/0.14 1000000 128000 r
zai/glm-5.2-fast 2.8/8.8/0.56 1000000 128000 r
zai/glm-5.3 1.4/4.4/0.14 1000000 1000000 r
zai/glm-5.3-fast 2.1/6.6/0.21 1048576 262144 r
zai/glm-5.3-flash 0.15/0.5/0.03 1000000 131000 ri
zai/glm-5.3-flashx,zai/glm-5.3-flashx-legal 0.37/1.25/0.075 1000000 131072 ri
zai/glm-5v-turbo 1.2/4/0.24 200000 128000 ri`,
  "xiaomi": `mimo-v2.6-flash 0.14/0.28/0.0028 1048576 131072 ri
mimo-v2.6-pro 0.435/0.87/0.0036 1048576 131072 ri
mimo-v2.6-pro-ultraspeed 4.35/8.7/0.036 1048576 131072 ri`,
  "zai": `glm-4.7 0.6/2.2/0.11 204800 131072 r
glm-5-turbo 1.2/4/0.24 200000 131072 r
glm-5.2,glm-5.3 1.4/4.4/0.26 1000000 131072 r
glm-5.2-highspeed,glm-5.3-highspeed - 1000000 131072 r
glm-5.3-flash 0.15/0.5/0.03 1000000 131072 ri`,
};
