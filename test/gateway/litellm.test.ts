import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrosspoint, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { checkConfig, loadConfig, parseConfig, serve, type Gateway, type GatewayConfig } from "crosspoint/gateway";
import { createSimulator, type FaultSpec, type Simulator } from "crosspoint/testing";
import { afterEach, describe, expect, test } from "vitest";
import { ABSENT_PREFIXES, PROVIDER_ROUTES } from "../../adapters/gateway/config/litellm/providers.ts";
import { page } from "../../scripts/litellm-tables.ts";

const ENV = {
  OPENAI_API_KEY: "sk-openai-env",
  ANTHROPIC_API_KEY: "sk-ant-env",
  AZURE_API_KEY: "azure-env",
  GEMINI_API_KEY: "gemini-env",
  LITELLM_MASTER_KEY: "sk-1234",
};

/** One request that a provider got. */
interface Seen {
  readonly host: string;
  readonly path: string;
  readonly key: string | null;
  readonly model: string | undefined;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Stack {
  readonly simulator: Simulator;
  readonly seen: Seen[];
  readonly crosspoint: Crosspoint;
  readonly gateway: Gateway;
  readonly ask: (model: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

const stacks: Stack[] = [];
afterEach(async () => {
  for (const { gateway, crosspoint } of stacks.splice(0)) {
    await gateway.close(0);
    await crosspoint.close();
  }
});

/** Serves a config; whatever provider is called, the simulator answers in its wire. */
async function start(what: string | GatewayConfig, env = ENV, more: CrosspointOptions = {}): Promise<Stack> {
  const { options, masterKey } = typeof what === "string" ? parseConfig(what, "config.yaml", env) : what;
  const simulator = createSimulator({ strict: false });
  const seen: Seen[] = [];
  const network: typeof globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const body = JSON.parse(init?.body as string) as { readonly model?: string } & Seen["body"];
    const [key] = [
      headers.get("authorization")?.replace("Bearer ", ""),
      ...["x-api-key", "x-goog-api-key", "api-key"].map((name) => headers.get(name)),
    ].filter((each) => each !== null && each !== undefined);
    const model = body.model ?? /models\/([^:]+)/.exec(url.pathname)?.[1];
    seen.push({ host: url.host, path: url.pathname, key: key ?? null, model, headers, body });
    const wire = /\/(chat\/completions|responses|messages|embeddings)$/.exec(url.pathname);
    headers.set("authorization", "Bearer any");
    headers.set("x-api-key", "any");
    headers.set("x-goog-api-key", "any");
    return simulator.fetch(
      `http://simulator.invalid${wire === null ? url.pathname.replace(/^.*\/v1beta/, "/v1beta") : `/v1${wire[0]}`}${url.search}`,
      {
        ...init,
        headers,
      },
    );
  };
  const crosspoint = createCrosspoint({ env, fetch: network, ...options, ...more });
  const gateway = await serve({ crosspoint, port: 0, ...(masterKey !== undefined && { masterKey }) });
  const ask: Stack["ask"] = (model, headers) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(masterKey !== undefined && { authorization: `Bearer ${masterKey}` }), ...headers },
      body: JSON.stringify({ model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] }),
    });
  const stack = { simulator, seen, crosspoint, gateway, ask };
  stacks.push(stack);
  return stack;
}

const brief = ({ host, path, key, model }: Seen): string => `${host}${path} ${model} ${key}`;
const down = (model: string, times = Infinity): FaultSpec => ({ model, status: 500, times });

describe("config files in LiteLLM's style are served as they are", () => {
  test("the quick start: two providers, keys from the environment, a master key", async () => {
    const { ask, seen, gateway } = await start(`
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
  - model_name: claude-sonnet
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: "os.environ/ANTHROPIC_API_KEY"

general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`);
    expect((await ask("gpt-4o")).status).toBe(200);
    expect(await (await ask("claude-sonnet")).json()).toMatchObject({ choices: [{ message: { content: "You said: Hello" } }] });
    expect(seen.map(brief)).toEqual([
      "api.openai.com/v1/responses gpt-4o sk-openai-env",
      "api.anthropic.com/v1/messages claude-sonnet-4-5 sk-ant-env",
    ]);
    const stranger = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: "{}" });
    expect(stranger.status).toBe(401);
    expect((await ask("gpt-4o", { authorization: "Bearer sk-12345" })).status).toBe(401);
    const listed = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: "Bearer sk-1234" } });
    expect(((await listed.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["gpt-4o", "claude-sonnet"]),
    );
  });

  test("one model at Azure twice and at OpenAI, spread by rpm", async () => {
    const { ask, seen, crosspoint } = await start(
      `
model_list:
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-eu
      api_base: https://my-endpoint-europe-berri-992.openai.azure.com/
      api_key: os.environ/AZURE_API_KEY
      rpm: 6
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-ca
      api_base: https://my-endpoint-canada-berri992.openai.azure.com/
      rpm: 6
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-large
      api_base: https://openai-france-1234.openai.azure.com/openai/deployments/x
      api_key: "ENV/AZURE_API_KEY"
      rpm: 1440
`,
      ENV,
      { random: () => 0 },
    );
    await ask("gpt-3.5-turbo");
    expect(seen.map(brief)).toEqual([
      "my-endpoint-europe-berri-992.openai.azure.com/openai/v1/chat/completions gpt-turbo-small-eu azure-env",
    ]);
    const { candidates } = await crosspoint.explain({ model: "gpt-3.5-turbo", messages: [{ role: "user", content: "x" }] });
    expect(candidates.map((each) => (typeof each === "string" ? each : JSON.stringify(each)))).toHaveLength(3);
  });

  test("fallbacks, retries and a default fallback", async () => {
    const { ask, seen, simulator } = await start(`
model_list:
  - model_name: zephyr-beta
    litellm_params: { model: openai/zephyr, api_base: "http://0.0.0.0:8001/v1", api_key: anything }
  - model_name: gpt-4
    litellm_params: { model: openai/gpt-4o }
  - model_name: claude
    litellm_params: { model: anthropic/claude-haiku-4-5 }
litellm_settings:
  num_retries: 1
  request_timeout: 10
  fallbacks: [{"zephyr-beta": ["gpt-4"]}]
  default_fallbacks: ["claude"]
`);
    simulator.fault([down("zephyr"), down("gpt-4o")]);
    expect((await ask("zephyr-beta")).status).toBe(200);
    // The fallback has one of its own.
    expect([...new Set(seen.map(({ model }) => model))]).toEqual(["zephyr", "gpt-4o", "claude-haiku-4-5"]);
    expect(seen[0]).toMatchObject({ host: "0.0.0.0:8001", path: "/v1/chat/completions", key: "anything" });
    seen.length = 0;
    simulator.reset();
    simulator.fault(down("gpt-4o"));
    expect((await ask("gpt-4")).status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ host: "api.anthropic.com", model: "claude-haiku-4-5" });
  });

  test("fallbacks by kind: a context window that is too small, and content that is refused", async () => {
    const { ask, seen, simulator } = await start(`
model_list:
  - model_name: small
    litellm_params: { model: groq/llama-3.1-8b-instant, api_key: gsk }
  - model_name: large
    litellm_params: { model: gemini/gemini-2.5-pro, api_key: os.environ/GEMINI_API_KEY }
  - model_name: tolerant
    litellm_params: { model: mistral/mistral-large-latest, api_key: mk }
router_settings:
  num_retries: 2
  context_window_fallbacks: [{"small": ["large"]}]
  content_policy_fallbacks: [{"small": ["tolerant"]}]
`);
    const refused = { code: "content_policy_violation", message: "violating our usage policy", type: "invalid_request_error" };
    simulator.fault([
      { model: "llama-3.1-8b-instant", status: 400, error: { code: "context_length_exceeded", message: "maximum context length" } },
      { model: "llama-3.1-8b-instant", status: 400, error: refused },
    ]);
    expect((await ask("small")).status).toBe(200);
    expect((await ask("small")).status).toBe(200);
    expect(seen.map(({ host, model, key }) => `${host} ${model} ${key}`)).toEqual([
      "api.groq.com llama-3.1-8b-instant gsk",
      "generativelanguage.googleapis.com gemini-2.5-pro gemini-env",
      "api.groq.com llama-3.1-8b-instant gsk",
      "api.mistral.ai mistral-large-latest mk",
    ]);
  });

  test("wildcards, for one provider and for all", async () => {
    const { ask, seen, simulator } = await start(`
model_list:
  - model_name: "anthropic/*"
    litellm_params: { model: "anthropic/*", api_key: os.environ/ANTHROPIC_API_KEY }
  - model_name: "my-*"
    litellm_params: { model: "together_ai/meta-llama/*", api_key: tk }
  - model_name: "*"
    litellm_params: { model: "*" }
router_settings:
  fallbacks: [{"anthropic/claude-opus-4-5": ["anthropic/claude-haiku-4-5"]}]
`);
    simulator.fault(down("claude-opus-4-5"));
    expect((await ask("anthropic/claude-opus-4-5")).status).toBe(200);
    expect((await ask("my-Llama-3-70b")).status).toBe(200);
    expect((await ask("openai/gpt-4.1")).status).toBe(200);
    expect([...new Set(seen.map(({ host, model }) => `${host} ${model}`))]).toEqual([
      "api.anthropic.com claude-opus-4-5",
      "api.anthropic.com claude-haiku-4-5",
      "api.together.xyz meta-llama/Llama-3-70b",
      "api.openai.com gpt-4.1",
    ]);
  });

  test("servers of one's own: Ollama, vLLM and whatever speaks Chat Completions", async () => {
    const { ask, seen } = await start(`
model_list:
  - model_name: llama
    litellm_params: { model: ollama_chat/llama3.1, api_base: "http://localhost:11434" }
  - model_name: mixtral
    litellm_params: { model: hosted_vllm/mistralai/Mixtral-8x7B, api_base: "http://vllm:8000/v1" }
  - model_name: custom
    litellm_params: { model: my-model, custom_llm_provider: openai, api_base: "https://llm.example.com/v1/", api_key: "\${OPENAI_API_KEY}" }
  - model_name: quick
    litellm_params:
      model: openai/facebook/opt-125m
      api_base: http://localhost:8080
      extra_headers: { X-Tenant: blue }
`);
    for (const model of ["llama", "mixtral", "custom", "quick"]) expect((await ask(model)).status).toBe(200);
    expect(seen.map(brief)).toEqual([
      "localhost:11434/v1/chat/completions llama3.1 null",
      "vllm:8000/v1/chat/completions mistralai/Mixtral-8x7B null",
      "llm.example.com/v1/chat/completions my-model sk-openai-env",
      "localhost:8080/chat/completions facebook/opt-125m null",
    ]);
    expect(seen[3]!.headers.get("x-tenant")).toBe("blue");
  });

  test("a monthly budget, where tutorials put it", async () => {
    const { ask, seen, crosspoint } = await start(`
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY }
general_settings:
  master_key: sk-1234
  max_budget: 0.0001
  budget_duration: "monthly"
`);
    const refused = await ask("gpt-4o");
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("max_budget") as unknown } });
    expect(seen).toHaveLength(0);
    expect(await crosspoint.budgets()).toMatchObject([{ id: "max_budget", limit: 0.0001 }]);
  });

  test("budgets of a provider and of a deployment send calls elsewhere", async () => {
    const { ask, seen } = await start(`
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, order: 1 }
  - model_name: gpt-4o
    litellm_params: { model: azure/gpt-4o, api_base: "https://a.openai.azure.com", order: 2, max_budget: 0.000000001, budget_duration: 1d }
  - model_name: gpt-4o
    litellm_params: { model: openrouter/openai/gpt-4o, api_key: ork, order: 3 }
router_settings:
  provider_budget_config:
    openai: { budget_limit: 0.000000000001, time_period: 1d }
`);
    expect((await ask("gpt-4o")).status).toBe(200);
    expect(seen.map(({ host }) => host)).toEqual(["openrouter.ai"]);
  });

  test("aliases, some of them hidden", async () => {
    const { ask, seen, gateway } = await start(`
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o }
router_settings:
  model_group_alias:
    gpt-4: gpt-4o
    secret: { model: gpt-4o, hidden: true }
`);
    for (const model of ["gpt-4", "secret"]) expect((await ask(model)).status).toBe(200);
    expect(seen.map(({ model }) => model)).toEqual(["gpt-4o", "gpt-4o"]);
    const { data } = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toContain("gpt-4");
    expect(data.map(({ id }) => id)).not.toContain("secret");
  });

  test("order, cooldown and round-robin", async () => {
    const { ask, seen, simulator } = await start(`
model_list:
  - model_name: main
    litellm_params: { model: openai/gpt-4o, api_key: first, order: 1 }
  - model_name: main
    litellm_params: { model: azure/gpt-4o, api_base: "https://a.openai.azure.com", order: 2 }
  - model_name: turns
    litellm_params: { model: groq/a, api_key: k1 }
  - model_name: turns
    litellm_params: { model: groq/a, api_key: k2 }
router_settings:
  routing_strategy: round-robin
  num_retries: 3
  allowed_fails: 0
  cooldown_time: 60
`);
    simulator.fault(down("gpt-4o", 1));
    await ask("main");
    await ask("main");
    // The first is left alone after its first failure.
    expect(seen.map(({ host }) => host)).toEqual(["api.openai.com", "a.openai.azure.com", "a.openai.azure.com"]);
    seen.length = 0;
    for (let turn = 0; turn < 4; turn++) await ask("turns");
    expect(seen.map(({ key }) => key)).toEqual(["k1", "k2", "k1", "k2"]);
  });

  test("tags route where they are asked to", async () => {
    const models = `
model_list:
  - model_name: chat
    litellm_params: { model: openai/free-model, tags: ["free"] }
  - model_name: chat
    litellm_params: { model: openai/paid-model, tags: ["paid", "default"] }
`;
    const on = await start(`${models}router_settings: { enable_tag_filtering: true }`);
    await on.ask("chat", { "x-crosspoint-tags": "free" });
    await on.ask("chat", { "x-crosspoint-tags": "paid" });
    await on.ask("chat");
    expect(on.seen.map(({ model }) => model)).toEqual(["free-model", "paid-model", "paid-model"]);
    expect(parseConfig(models, "c", ENV).warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("enable_tag_filtering"),
    );
  });

  test("prices and models of one's own count", async () => {
    const { ask } = await start(`
model_list:
  - model_name: mine
    litellm_params:
      model: openai/fine-tune
      api_base: https://llm.example.com/v1
      api_key: k
      input_cost_per_token: 0.00000015
      output_cost_per_token: 6e-7
  - model_name: based
    litellm_params: { model: azure/some-name, api_base: "https://a.openai.azure.com" }
    model_info: { base_model: azure/gpt-4o, max_input_tokens: 4000 }
`);
    const usage = { prompt_tokens: 0, completion_tokens: 0 };
    const body = (await (await ask("mine")).json()) as { usage: typeof usage };
    const mine = await ask("mine");
    Object.assign(usage, ((await mine.json()) as typeof body).usage);
    expect(Number(mine.headers.get("x-crosspoint-cost"))).toBeCloseTo(usage.prompt_tokens * 1.5e-7 + usage.completion_tokens * 6e-7, 12);
    expect(Number((await ask("based")).headers.get("x-crosspoint-cost"))).toBeGreaterThan(0);
  });

  test("a model of OpenAI's name at an address of one's own is priced by its name, and budgets count it; a local server's is not", async () => {
    const { ask, crosspoint } = await start(`
model_list:
  - { model_name: named, litellm_params: { model: openai/gpt-4o, api_base: "https://llm.example.com/v1", api_key: k } }
  - { model_name: older, litellm_params: { model: gpt-4-turbo, api_base: "https://llm.example.com/v1", api_key: k } }
  - { model_name: "any/*", litellm_params: { model: "openai/*", api_base: "https://llm.example.com/v1", api_key: k } }
  - { model_name: foundry, litellm_params: { model: azure_ai/gpt-4o, api_base: "https://x.services.ai.azure.com/models", api_key: k } }
  - { model_name: unknown, litellm_params: { model: openai/zephyr, api_base: "https://llm.example.com/v1", api_key: k } }
  - { model_name: path, litellm_params: { model: openai/lab/gpt-4o, api_base: "https://llm.example.com/v1", api_key: k } }
  - { model_name: local, litellm_params: { model: hosted_vllm/gpt-4o, api_base: "http://vllm:8000/v1" } }
  - { model_name: other, litellm_params: { model: custom_openai/gpt-4o, api_base: "http://vllm:8000/v1", api_key: k } }
  - { model_name: said, litellm_params: { model: openai/gpt-4o, api_base: "https://llm.example.com/v1", api_key: k }, model_info: { base_model: openai/gpt-4o-mini } }
litellm_settings: { max_budget: 1000 }
router_settings:
  fallbacks: [{ "any/gpt-4o": [named] }]
`);
    const costs: Record<string, string | null> = {};
    for (const model of ["named", "older", "any/gpt-4o-mini", "any/gpt-4o", "foundry", "unknown", "path", "local", "other", "said"])
      costs[model] = (await ask(model)).headers.get("x-crosspoint-cost");
    const priced = Object.keys(costs).filter((model) => Number(costs[model]) > 0);
    expect(priced).toEqual(["named", "older", "any/gpt-4o-mini", "any/gpt-4o", "foundry", "said"]);
    expect(Number(costs["said"])).toBeLessThan(Number(costs["named"]));
    expect(costs["any/gpt-4o-mini"]).toBe(costs["said"]);
    const [budget] = await crosspoint.budgets();
    expect(budget!.used).toBeCloseTo(
      priced.reduce((sum, model) => sum + Number(costs[model]), 0),
      9,
    );
  });

  test("settings of calls hold where the client gives none, in each provider's words", async () => {
    const { ask, seen, gateway } = await start(`
model_list:
  - model_name: precise
    litellm_params:
      model: groq/llama-3.3-70b
      api_key: gk
      temperature: 0
      max_tokens: 7
      stop: END
      seed: -3
      presence_penalty: -0.5
      response_format: { type: json_object }
      tools: [{ type: function, function: { name: look, parameters: { type: object, properties: {} } } }]
      tool_choice: auto
      min_p: 0.05
      extra_body: { reasoning_format: parsed }
  - model_name: thinker
    litellm_params: { model: anthropic/claude-sonnet-4-5, thinking: { type: enabled, budget_tokens: 2048 }, max_completion_tokens: 9000 }
  - model_name: hard
    litellm_params: { model: openai/gpt-5, reasoning_effort: high }
`);
    const bare = (model: string, more: object = {}): Promise<Response> =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }], ...more }),
      });
    for (const model of ["precise", "thinker", "hard"]) expect((await bare(model)).status, model).toBe(200);
    await bare("precise", { temperature: 1, stop: ["x"] });
    await ask("precise");
    expect(seen.map(({ body }) => body)).toMatchObject([
      {
        temperature: 0,
        max_tokens: 7,
        stop: ["END"],
        seed: -3,
        response_format: { type: "json_object" },
        tools: [{ type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } }],
        tool_choice: "auto",
        min_p: 0.05,
        reasoning_format: "parsed",
      },
      { thinking: { type: "enabled", budget_tokens: 2048 }, max_tokens: 9000 },
      { reasoning: { effort: "high" } },
      { temperature: 1, stop: ["x"], seed: -3, max_tokens: 7 },
      { temperature: 0, max_tokens: 100 },
    ]);
  });

  test("retries of deployments, of a policy, and a cooldown of one's own", async () => {
    const text = `
model_list:
  - model_name: once
    litellm_params: { model: groq/a, api_key: k, max_retries: 0, cooldown_time: 30 }
  - model_name: often
    litellm_params: { model: groq/b, api_key: k, num_retries: 3 }
    model_info: { allowed_fails: 100 }
  - model_name: policy
    litellm_params: { model: groq/c, api_key: k }
    model_info: { allowed_fails: 100 }
  - model_name: rest
    litellm_params: { model: groq/d, api_key: k }
router_settings:
  retry_policy: { TimeoutErrorRetries: 1, RateLimitErrorRetries: 1, BadRequestErrorRetries: 9 }
  num_retries: 0
  model_group_retry_policy: { policy: { InternalServerErrorRetries: 2, TimeoutErrorRetries: 1 } }
`;
    const { options, warnings } = parseConfig(text, "c", ENV);
    expect(options).toMatchObject({
      retries: 1,
      models: {
        once: { retries: 0, deployments: [{ cooldown: { ms: 30_000 } }] },
        often: { retries: 3, deployments: [{ cooldown: { failures: 101 } }] },
        policy: { retries: 2 },
      },
    });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("counts for all kinds of failures together: 2")]);
    const { ask, seen, simulator } = await start(text, ENV, { random: () => 0 });
    simulator.fault(["a", "b", "c"].map((model) => down(model)));
    for (const model of ["once", "often", "policy"]) expect((await ask(model)).status).toBe(500);
    expect(seen.map(({ model }) => model).join("")).toBe("abbbbccc");
  });

  test("several wildcards, each for its own text", async () => {
    const { ask, seen } = await start(`
model_list:
  - model_name: "team-*/openai/*"
    litellm_params: { model: "openrouter/*/*", api_key: ork }
  - model_name: "team-*"
    litellm_params: { model: "groq/*", api_key: gk }
router_settings:
  fallbacks: [{ "team-a/openai/x": ["team-y"] }]
`);
    for (const model of ["team-a/openai/x", "team-b/openai/gpt-5", "team-z"]) expect((await ask(model)).status).toBe(200);
    expect(seen.map(brief)).toEqual([
      "openrouter.ai/api/v1/chat/completions a/x ork",
      "openrouter.ai/api/v1/chat/completions b/gpt-5 ork",
      "api.groq.com/openai/v1/chat/completions z gk",
    ]);
  });

  test("prices as LiteLLM's price map has them, and models that cost nothing", async () => {
    const { options, warnings } = parseConfig(
      `
model_list:
  - model_name: long
    litellm_params:
      model: groq/a
      input_cost_per_token: "1.25e-6"
      output_cost_per_token: 0.00001
      input_cost_per_token_above_200k_tokens: 2.5e-6
      output_cost_per_token_flex: 5e-6
      search_context_cost_per_query: { search_context_size_low: 0.01 }
      cost_per_pixel: 1
  - model_name: free
    litellm_params: { model: groq/b, input_cost_per_token: 0, output_cost_per_token: 0 }
  - model_name: vectors
    litellm_params: { model: openai/c, input_cost_per_token: 2e-8 }
    model_info: { mode: embedding }
`,
      "c",
      ENV,
    );
    const price = (name: string): unknown =>
      (options.models![name] as { readonly deployments: readonly { readonly price?: object }[] }).deployments[0]!.price;
    expect(price("long")).toEqual({
      input: 1.25,
      output: 10,
      tiers: [{ above: 200_000, input: 2.5 }],
      serviceTiers: { flex: { output: 5, tiers: [{ above: 200_000, input: 2.5 }] } },
      tools: { web_search: 0.01 },
    });
    expect(price("free")).toEqual({ input: 0, output: 0 });
    expect(price("vectors")).toEqual({ input: 0.02, output: 0 });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("cost_per_pixel has no meaning here")]);
  });

  test("Cohere is asked at its endpoint that speaks Chat Completions", async () => {
    const { ask, seen } = await start(
      `
model_list:
  - model_name: command
    litellm_params: { model: cohere_chat/command-a-03-2025 }
`,
      { ...ENV, COHERE_API_KEY: "ck" } as typeof ENV,
    );
    expect((await ask("command")).status).toBe(200);
    expect(seen.map(brief)).toEqual(["api.cohere.ai/compatibility/v1/chat/completions command-a-03-2025 ck"]);
  });

  test("included files, an environment, named credentials and defaults", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crosspoint-litellm-"));
    writeFileSync(
      join(folder, "config.yaml"),
      `
include: [models.yaml]
environment_variables: { ANTHROPIC_API_KEY: from-the-file }
credential_list:
  - credential_name: shared
    credential_values: { api_key: os.environ/OPENAI_API_KEY, api_base: "https://eu.api.openai.com/v1" }
model_list:
  - model_name: one
    litellm_params: { model: openai/gpt-4o, litellm_credential_name: shared }
router_settings:
  default_litellm_params: { max_parallel_requests: 7 }
`,
    );
    const models = join(folder, "models.yaml");
    writeFileSync(models, "model_list:\n  - model_name: two\n    litellm_params: { model: anthropic/claude-haiku-4-5, wheight: 1 }\n");
    const config = await loadConfig(join(folder, "config.yaml"), ENV);
    expect(config.warnings).toMatchObject([
      { place: `${models}:3:58`, message: expect.stringContaining('did you mean "weight"') as unknown },
    ]);
    expect(config.files).toEqual([join(folder, "config.yaml"), models]);
    expect(config.options.models!["one"]).toMatchObject({ deployments: [{ maxParallelRequests: 7 }] });
    const { ask, seen } = await start(config);
    for (const model of ["one", "two"]) expect((await ask(model)).status).toBe(200);
    expect(seen.map(brief)).toEqual([
      "eu.api.openai.com/v1/responses gpt-4o sk-openai-env",
      "api.anthropic.com/v1/messages claude-haiku-4-5 from-the-file",
    ]);
  });

  test("a fallback may name the id of a deployment", async () => {
    const { ask, seen, simulator } = await start(`
model_list:
  - model_name: a
    litellm_params: { model: openai/gpt-4o }
  - model_name: b
    litellm_params: { model: groq/x, api_key: k1 }
    model_info: { id: spare }
  - model_name: b
    litellm_params: { model: groq/y, api_key: k2 }
router_settings: { fallbacks: [{ a: [spare] }], num_retries: 0 }
`);
    simulator.fault(down("gpt-4o"));
    const response = await ask("a");
    expect(response.headers.get("x-crosspoint-deployment")).toBe("spare");
    expect(seen.at(-1)).toMatchObject({ model: "x", key: "k1" });
  });
});

test("Azure's address and key may come from the environment, as LiteLLM names them", async () => {
  const env = { ...ENV, AZURE_API_BASE: "https://mine.openai.azure.com/" };
  const { ask, seen } = await start("model_list: [{ model_name: a, litellm_params: { model: azure/o-mini } }]", env);
  expect((await ask("a")).status).toBe(200);
  expect(seen.map(brief)).toEqual(["mine.openai.azure.com/openai/v1/chat/completions o-mini azure-env"]);
});

describe("what the file says becomes", () => {
  const optionsOf = (text: string): CrosspointOptions => {
    const {
      env: _,
      models: _models,
      ...options
    } = parseConfig(`model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4o } }]\n${text}`, "c", ENV).options;
    return options;
  };

  test.each<[string, CrosspointOptions]>([
    ["router_settings: { num_retries: 5, timeout: 30, stream_timeout: 2.5 }", { retries: 5, timeout: 30_000, firstEventTimeout: 2_500 }],
    ["router_settings: { timeout: 900 }", { timeout: 900_000, firstEventTimeout: 900_000, deadline: 900_000 }],
    ["litellm_settings: { request_timeout: 5 }\nrouter_settings: { timeout: 6 }", { timeout: 6_000, firstEventTimeout: 6_000 }],
    ["router_settings: { disable_cooldowns: true }", { cooldown: { ms: 0 } }],
    ["router_settings: { allowed_fails: '2', cooldown_time: 30 }", { cooldown: { failures: 3, ms: 30_000 } }],
    ["litellm_settings: { drop_params: true }", { unsupported: "drop" }],
    ["litellm_settings: { drop_params: False }", { unsupported: "error" }],
    [
      "litellm_settings: { success_callback: [langfuse, arize], turn_off_message_logging: true }",
      { telemetry: { captureContent: "none", presets: ["langfuse", "openinference"] } },
    ],
    ["litellm_settings: { callbacks: otel }", {}],
    [
      "litellm_settings: { max_budget: 10, budget_duration: 30d }",
      { budgets: [{ id: "max_budget", limit: 10, window: "month", unknownPrice: "allow" }] },
    ],
    [
      "litellm_settings: { max_budget: 10, budget_duration: 45m }",
      { budgets: [{ id: "max_budget", limit: 10, window: { rolling: 2_700_000 }, unknownPrice: "allow" }] },
    ],
    ["litellm_settings: { max_budget: 10 }", { budgets: [{ id: "max_budget", limit: 10, window: "lifetime", unknownPrice: "allow" }] }],
    [
      "general_settings: { global_max_parallel_requests: 100, max_request_size_mb: 1 }",
      { limits: [{ id: "global_max_parallel_requests", parallel: 100 }], maxBodyBytes: 1_048_576 },
    ],
    ["router_settings: { fallbacks: [{ '*': [a] }] }", { fallbacks: ["a"] }],
  ])("%s", (text, expected) => {
    expect(optionsOf(text)).toEqual(expected);
  });

  test.each([
    "simple-shuffle",
    "least-busy",
    "usage-based-routing",
    "usage-based-routing-v2",
    "latency-based-routing",
    "cost-based-routing",
    "round-robin",
  ])("the strategy %s serves", async (strategy) => {
    const { ask } = await start(
      `model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4o } }]\nrouter_settings: { routing_strategy: ${strategy} }`,
    );
    expect((await ask("a")).status).toBe(200);
  });

  test("Redis becomes the store, its password no part of what is shown", () => {
    const text =
      "model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4o } }]\nrouter_settings: { redis_host: cache, redis_port: 6380, redis_password: p@ss }";
    expect(parseConfig(text, "c", ENV).store).toBe("redis://:p%40ss@cache:6380");
  });
});

describe("what cannot be done is told with its place", () => {
  const problems = async (text: string, env: Readonly<Record<string, string>> = ENV): Promise<string[]> => {
    const file = join(mkdtempSync(join(tmpdir(), "crosspoint-litellm-")), "config.yaml");
    writeFileSync(file, text);
    const found = await checkConfig(file, env);
    return found.problems.map(({ level, place, message }) => `${level} ${place.slice(file.length + 1)} ${message}`);
  };
  const one = "model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4o } }]\n";

  test.each(["model_list: []\n", "model_list:\n", "model_list: null\n", "litellm_settings: {}\n"])(
    "no models at all are one mistake: %j",
    async (text) => {
      expect(await problems(text)).toEqual(["error 1:1 model_list is missing or empty: it names the models"]);
    },
  );

  test("two models under one name share its calls", async () => {
    const text = `
model_list:
  - model_name: gpt-4
    litellm_params: { model: openai/gpt-4o }
  - model_name: gpt-4
    litellm_params: { model: anthropic/claude-sonnet-4-5 }
  - model_name: same
    litellm_params: { model: openai/gpt-4o-2024-08-06 }
  - model_name: same
    litellm_params: { model: openrouter/openai/gpt-4o, api_key: k }
`;
    const found = await problems(text);
    expect(found).toEqual([
      expect.stringMatching(/^warning 5:5 .*spread over them, which is no fallback.*fallbacks: \[\{ "gpt-4": \["gpt-4-fallback"\] \}\]/),
    ]);
  });

  test.each([
    ["router_settings: { num_retrys: 3 }", 'warning 2:20 router_settings.num_retrys is unknown (did you mean "num_retries"?)'],
    ["litellm_settings: { cache: true }", "warning 2:21 litellm_settings.cache has no meaning here: answers are not cached"],
    ["general_settings: { database_url: os.environ/NOT_SET }", "warning 2:21 general_settings.database_url has no meaning here"],
    ["guardrails: []", "warning 2:1 guardrails has no meaning here: there are no guardrails"],
    ["colour: blue", "warning 2:1 colour is unknown"],
    ["general_settings: { custom_auth: my.auth }", "error 2:21 general_settings.custom_auth is not to be had here"],
    [
      "general_settings: { master_key: os.environ/NOT_SET }",
      "error 2:21 general_settings.master_key needs the environment variable NOT_SET, which is not set",
    ],
    ["router_settings: { routing_strategy: fastest }", "error 2:20 router_settings.routing_strategy must be one of simple-shuffle"],
    ["router_settings: { fallbacks: [{ a: [nothing-of-the-kind] }] }", "error 2:38 models.a.fallbacks[0] is wrong: No model"],
    ["router_settings: { fallbacks: [{ nobody: [a] }] }", "warning 2:34 router_settings.fallbacks[0].nobody names no model_name"],
    ["router_settings: { fallbacks: { a: [b] } }", "error 2:20 router_settings.fallbacks must be a list"],
    ["router_settings: { model_group_alias: { x: y, y: x } }", "error 2:41 models.x names itself: x → y → x"],
    [
      "litellm_settings: { max_budget: 3, budget_duration: soon }",
      "error 2:36 litellm_settings.budget_duration must be a span such as 30s",
    ],
    ["litellm_settings: { success_callback: [s3] }", 'warning 2:21 litellm_settings.success_callback "s3" has no meaning here'],
    ["litellm_settings: yes", "error 2:1 litellm_settings must be a mapping"],
  ])("%s", async (text, message) => {
    expect(await problems(one + text)).toContainEqual(expect.stringContaining(message));
  });

  test.each([
    ["{ model: nonesuch/x }", 'names the provider "nonesuch", which is not there'],
    ["{ model: openai/gpt-4o, rpm: many }", "model_list[0].litellm_params.rpm must be a number of at least 0"],
    ["{ model: openai/gpt-4o, timout: 3 }", 'timout is unknown (did you mean "timeout"?)'],
    ["{ model: openai/gpt-4o, temperature: hot }", "temperature must be a number"],
    ["{ model: openai/gpt-4o, n: 2 }", "n has no meaning here: it is the client's to say"],
    ["{ model: openai/gpt-4o, reasoning_effort: huge }", "reasoning_effort must be one of none, minimal"],
    ["{ model: openai/gpt-4o, thinking: { type: maybe } }", "thinking.type must be enabled"],
    ["{ model: openai/gpt-4o, response_format: { type: xml } }", "response_format must be of the type"],
    ["{ model: openai/gpt-4o, tools: [{ type: web_search }] }", "tools[0] is left out"],
    ["{ model: gpt-4o, min_p: 1 }", "names no provider: min_p cannot be sent"],
    ["{ model: bedrock/anthropic.claude-v2 }", "bedrock_mantle/MODEL"],
    ["{ model: vertex_ai/gemini-2.5-pro }", "endpoints/openapi"],
    ["{ model: watsonx/ibm/granite }", "/ml/gateway/v1"],
    ["{ model: sagemaker/x }", "put a server in front of it"],
    ["{ model: tensormesh/x }", "needs api_base"],
    ["{ model: openai/x, api_base: 'localhost' }", "api_base must be a URL"],
    ["{ model: openai/x, api_base: os.environ/BASE }", "api_base needs the environment variable BASE"],
    ["{ model: custom_openai/x }", "needs api_base"],
    ["{ model: openai/x, api_base: 'https://elsewhere.example/v1' }", "OPENAI_API_KEY is not sent there"],
    ["{ model: openai/gpt-4o, input_cost_per_token: 1e-6 }", "its price is not taken"],
    ["{ api_key: x }", "lacks model"],
    ["{ model: openai/gpt-4o, litellm_credential_name: z }", '"z" is not in credential_list'],
    ["{ model: mistral/x }", "mistral/x has no key: set MISTRAL_API_KEY"],
  ])("a deployment %s", async (params, message) => {
    expect(await problems(`model_list: [{ model_name: a, litellm_params: ${params} }]`)).toContainEqual(expect.stringContaining(message));
  });

  test("all at once, and no key among it", async () => {
    const found = await problems(`
model_list:
  - model_name: a
    litellm_params: { model: nonesuch/x, api_key: sk-very-secret-0001, rpm: x }
  - model_name: b
    litellm_params: { model: openai/gpt-4o, api_key: sk-very-secret-0002, weigth: 1 }
router_settings: { fallbacks: [{ b: [c/d] }] }
general_settings: { master_key: sk-very-secret-0003, custom_auth: x }
`);
    expect(found.filter((each) => each.startsWith("error")).map((each) => each.split(" ")[1])).toEqual(["8:54", "4:72", "4:23", "7:38"]);
    expect(found.join()).not.toContain("secret-000");
  });
});

test("what is listed as not there is not there", () => {
  const crosspoint = createCrosspoint({ env: {} });
  for (const prefix of Object.keys(ABSENT_PREFIXES)) {
    expect(PROVIDER_ROUTES, prefix).not.toHaveProperty([prefix]);
    expect(() => crosspoint.deployments(`${prefix}/any`), prefix).toThrow(expect.objectContaining({ code: "MODEL_NOT_FOUND" }) as Error);
  }
});

test("docs/litellm.md says of each key what the code says", () => {
  const there = readFileSync(new URL("../../docs/litellm.md", import.meta.url), "utf8");
  expect(there, "npm run generate").toBe(page(there));
});
