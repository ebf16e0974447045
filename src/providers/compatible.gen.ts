// Made by scripts/providers.ts; do not edit.
// Facts (ids, base URLs, environment variables) gathered from the documentation of LiteLLM (BerriAI/litellm, MIT), from models.dev (MIT)
// and, for a few base URLs, from mozilla-ai/any-llm (Apache-2.0). Provider names are trademarks of their owners.
import type { CompatibleHosts } from "./compatible-hosts.ts";

export const COMPATIBLE: readonly CompatibleHosts[] = [
  {
    codec: "openai-chat", verified: false,
    hosts: `
302ai;.302.ai
Abacus;routellm.~.ai
Ambient;.~.xyz
AnyAPI;.~.ai
Auriko;.~.ai
Bailing;.tbox.cn/api/llm/v1;;BAILING_API_TOKEN
berget;.~.ai
Claudinio;.claudin.io
cloudferro-sherlock;api-sherlock.cloudferro.com/openai/v1
cloudflare-workers-ai;.cloudflare.com/client/v4/accounts/{CLOUDFLARE_ACCOUNT_ID}/ai/v1;;CLOUDFLARE_API_KEY
Cortecs;.~.ai
crof;~.ai
DInference;.~.com
drun;chat.d.run
evroc;models.think.~.com
FastRouter;go.~.ai/api/v1
FrogBot;app.~.ai/api/v1
github-models;models.github.ai/inference;;GITHUB_TOKEN
HPC-AI;.~.com/inference/v1
iflowcn;apis.iflow.cn;;IFLOW_API_KEY
Inceptron;.~.io
Inference;~.net
io-net;.intelligence.io.solutions/api/v1;;IOINTELLIGENCE_API_KEY
jiekou;.~.ai/openai
kilo;.~.ai/api/gateway
kuae-cloud-coding-plan;coding-plan-endpoint.kuaecloud.net;;KUAE_API_KEY
Lilac;.get~.com
LLM Gateway;.~.io
LLMTR;~.com
LucidQuery;.~.com
maritalk;chat.maritaca.ai/api
Meganova;.~.ai
Mixlayer;models.~.ai
Moark;~.com
nearai;cloud-api.near.ai
Neon;{NEON_AI_GATEWAY_BASE_URL}/ai-gateway/mlflow/v1;;NEON_AI_GATEWAY_TOKEN
Neuralwatt;.~.com
novita-ai;.novita.ai/openai;;NOVITA_API_KEY
ollama-cloud;ollama.com;;OLLAMA_API_KEY
opencode-go;opencode.ai/zen/go/v1;;OPENCODE_API_KEY
opencode;~.ai/zen/v1
OrcaRouter;.~.ai
Parasail;.~.io
Poolside;inference.~.ai
qihang-ai;.qhaigc.net;;QIHANG_API_KEY
qiniu-ai;.qnaigc.com;;QINIU_API_KEY
regolo-ai;.regolo.ai;;REGOLO_API_KEY
Requesty;router.~.ai
routing-run;ai.routing.sh
sakana;.~.ai
siliconflow-cn;.siliconflow.cn
SiliconFlow;.~.com
snowflake-cortex;{SNOWFLAKE_ACCOUNT}.snowflakecomputing.com/api/v2/cortex/v1;;SNOWFLAKE_CORTEX_PAT
STACKIT;.openai-compat.model-serving.eu01.on~.cloud
stepfun-ai;.stepfun.ai/step_plan/v1;;STEPFUN_API_KEY
StepFun;.~.com
Subconscious;.~.dev
submodel;llm.~.ai;;SUBMODEL_INSTAGEN_ACCESS_KEY
tencent-coding-plan;.lkeap.cloud.tencent.com/coding/v3
the-grid-ai;.thegrid.ai;;THEGRIDAI_API_KEY
Tinfoil;inference.~.sh
umans-ai-coding-plan;.code.umans.ai
umans-ai;.code.umans.ai
Upstage;.~.ai/v1/solar
Vultr;.~inference.com
wafer.ai;pass.~;;WAFER_API_KEY
xiaomi-token-plan-ams;token-plan-ams.xiaomimimo.com;;XIAOMI_API_KEY
xiaomi-token-plan-cn;token-plan-cn.xiaomimimo.com;;XIAOMI_API_KEY
xiaomi-token-plan-sgp;token-plan-sgp.xiaomimimo.com;;XIAOMI_API_KEY
Xpersona;www.~.co
zai-coding-plan;.z.ai/api/coding/paas/v4;;ZHIPU_API_KEY
Zeldoc;.~.ai
ZenMux;~.ai/api/v1
Zhipu AI;open.bigmodel.cn/api/paas/v4;;ZHIPU_API_KEY
zhipuai-coding-plan;open.bigmodel.cn/api/coding/paas/v4;;ZHIPU_API_KEY
`,
  },
  {
    codec: "openai-chat", verified: true,
    hosts: `
Abliteration;.~.ai
ai21;.~.com/studio/v1@;ai21_chat
AIHubMix;~.com@
aiml;.~api.com@
amazon_nova;.nova.amazon.com
apertis;.stima.tech;;STIMA_API_KEY
assemblyai;llm-gateway.~.com
Baseten;inference.~.co
bedrock_mantle;bedrock-mantle.{region|AWS_REGION}.api.aws
Cerebras;.~.ai
charity_engine;.charityengine.services/remotejobs/v2/inference
Chutes;llm.~.ai
Clarifai;.~.com/v2/ext/openai/v1;;CLARIFAI_API_KEY,CLARIFAI_PAT
CometAPI;.~.com;;COMETAPI_KEY
compactifai;.compactif.ai
Crusoe;managed-inference-api-proxy.~cloud.com@
Darkbloom;.~.dev
Databricks;{DATABRICKS_HOST}/serving-endpoints;;DATABRICKS_API_KEY,DATABRICKS_TOKEN
DeepInfra;.~.com/v1/openai
Empower;app.~.dev/api/v1
featherless_ai;.featherless.ai@FEATHERLESS_API_BASE;featherless;FEATHERLESS_AI_API_KEY,FEATHERLESS_API_KEY
FriendliAI;.friendli.ai/serverless/v1;friendli;FRIENDLIAI_API_KEY,FRIENDLI_TOKEN
Galadriel;.~.com
github;models.inference.ai.azure.com/
gmi;.~-serving.com
gradient_ai;inference.do-ai.run;digitalocean
helicone;ai-gateway.~.ai@
heroku;us.inference.~.com@;;HEROKU_API_KEY,INFERENCE_KEY
huggingface;router.~.co;;HF_TOKEN,HUGGINGFACE_API_KEY
Hyperbolic;.~.xyz
inception;.~labs.ai
lambda_ai;.lambda.ai@LAMBDA_API_BASE;lambda;LAMBDA_API_KEY
litellm_proxy;{LITELLM_PROXY_API_BASE};litellm;?
LlamaGate;.~.dev
meta;.~.ai;;MODEL_API_KEY
meta_llama;.llama.com/compat/v1@LLAMA_API_BASE;;LLAMA_API_KEY
MiniMax;.~.io@
ModelScope;api-inference.~.cn
Morph;.~llm.com
nano-gpt;~.com/api/v1;;NANOGPT_API_KEY
nebius;.studio.~.ai@
Neosantara;.~.xyz
novita;.~.ai/v3/openai@
Nscale;inference.api.~.com
nvidia_nim;integrate.api.nvidia.com@;nvidia
ovhcloud;oai.endpoints.kepler.ai.cloud.ovh.net;;?
Poe;.~.com
salad_cloud;ai.salad.cloud
SambaNova;.~.ai
sarvam;.~.ai
scaleway;.~.ai;;SCW_SECRET_KEY
Synthetic;.~.new/openai/v1
tencent;tokenhub.~maas.com;;TENCENT_TOKENHUB_API_KEY
together;.~.xyz@TOGETHER_AI_API_BASE;togetherai,together_ai;TOGETHER_API_KEY,TOGETHER_AI_API_KEY,TOGETHERAI_API_KEY,TOGETHER_AI_TOKEN
v0;.~.dev
veniceai;.venice.ai/api/v1;venice;VENICE_AI_API_KEY
volcengine;ark.cn-beijing.volces.com/api/v3@;;VOLCENGINE_API_KEY,ARK_API_KEY
wandb;.inference.~.ai
xiaomi_mimo;.xiaomimimo.com
zai;.z.ai/api/paas/v4
`,
  },
  {
    codec: "anthropic-messages", verified: false, quirks: {coreFieldsOnly: true},
    hosts: `
FreeModel;cc.~.dev
kimi-for-coding;.kimi.com/coding/v1;;KIMI_API_KEY
minimax-anthropic;.minimax.io/anthropic/v1@MINIMAX_API_BASE;;MINIMAX_API_KEY
minimax-cn-coding-plan;.minimaxi.com/anthropic/v1;;MINIMAX_API_KEY
minimax-cn;.minimaxi.com/anthropic/v1;;MINIMAX_API_KEY
minimax-coding-plan;.minimax.io/anthropic/v1;;MINIMAX_API_KEY
`,
  },
  {
    codec: "openai-chat", verified: false, extends: "alibaba",
    hosts: `
alibaba-cn;dashscope.aliyuncs.com/compatible-mode/v1;;DASHSCOPE_API_KEY
alibaba-coding-plan-cn;coding.dashscope.aliyuncs.com;;ALIBABA_CODING_PLAN_API_KEY
alibaba-coding-plan;coding-intl.dashscope.aliyuncs.com
alibaba-token-plan-cn;token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1;;ALIBABA_TOKEN_PLAN_API_KEY
alibaba-token-plan;token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1
`,
  },
  {
    codec: "openai-chat", verified: true, local: true,
    hosts: `
docker_model_runner;http://localhost:22088/engines/llama.cpp@
lemonade;http://localhost:8000/api/v1@
llamafile;http://127.0.0.1:8080/v1@
Xinference;http://127.0.0.1:9997/v1@
`,
  },
  {
    codec: "openai-chat", verified: false, local: true,
    hosts: `
atomic-chat;http://127.0.0.1:1337/v1
privatemode-ai;http://localhost:8080/v1@PRIVATEMODE_ENDPOINT;;PRIVATEMODE_API_KEY
`,
  },
  {
    codec: "openai-responses", verified: false,
    hosts: `
perplexity-agent;.perplexity.ai;;PERPLEXITY_API_KEY
Vivgrid;.~.com
`,
  },
];
