import fc from "../support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { CrosspointError } from "../../src/ir/index.ts";
import { defineProvider, type ProviderSettings } from "../../src/providers/provider.ts";
import { createRegistry } from "../../src/providers/registry.ts";

function caught(action: () => unknown): CrosspointError {
  try {
    action();
  } catch (error) {
    if (CrosspointError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const plain = createRegistry({}, {});

describe("model strings", () => {
  test.each([
    ["openai/gpt-5", "openai", "gpt-5"],
    ["openrouter/meta-llama/llama-4", "openrouter", "meta-llama/llama-4"],
    ["gemini/gemini-2.5-pro", "google", "gemini-2.5-pro"],
    ["together_ai/org/model", "together", "org/model"],
    ["together-ai/org/model", "together", "org/model"],
    ["gpt-5-mini", "openai", "gpt-5-mini"],
    ["o3", "openai", "o3"],
    ["o4-mini", "openai", "o4-mini"],
    ["chatgpt-4o-latest", "openai", "chatgpt-4o-latest"],
    ["claude-sonnet-4-6", "anthropic", "claude-sonnet-4-6"],
    ["gemini-3-pro", "google", "gemini-3-pro"],
    ["gemma-3-27b-it", "google", "gemma-3-27b-it"],
    ["mistral-large-latest", "mistral", "mistral-large-latest"],
    ["codestral-latest", "mistral", "codestral-latest"],
    ["deepseek-chat", "deepseek", "deepseek-chat"],
    ["grok-4", "xai", "grok-4"],
    ["sonar", "perplexity", "sonar"],
    ["fireworks/llama-v3p1-8b-instruct", "fireworks", "accounts/fireworks/models/llama-v3p1-8b-instruct"],
    ["fireworks_ai/accounts/me/models/x", "fireworks", "accounts/me/models/x"],
  ])("%s is %s: %s", (text, id, model) => {
    const found = plain.resolve(text);
    expect([found.provider.id, found.model]).toEqual([id, model]);
  });

  test.each(["llama-3.3-70b", "gpt-oss-120b", "command-r-plus", "qwen3-32b"])("%s belongs to no one provider", (model) => {
    expect(caught(() => plain.resolve(model)).code).toBe("MODEL_NOT_FOUND");
  });

  test.each([
    ["opnai/gpt-5", "openai/gpt-5"],
    ["OpenAI/gpt-5", "openai/gpt-5"],
    ["antrhopic/claude-sonnet-4-6", "anthropic/claude-sonnet-4-6"],
    ["grok1/x", "groq/x"],
    ["openai", "openai/<model>"],
    ["openai/", "openai/<model>"],
    ["smrt", "smart"],
    ["llama-3.3-70b", "groq/llama-3.3-70b"],
  ])("%s brings up %s", (model, suggestion) => {
    const error = caught(() => plain.resolve(model, ["smart", "fast", "groq/llama-3.3-70b"]));
    expect(error.code).toBe("MODEL_NOT_FOUND");
    expect(error.message).toContain(suggestion);
    expect(error.message).toContain("provider/model");
  });

  const hostile = [
    "",
    "/",
    "//",
    "__proto__/x",
    "constructor/x",
    "toString",
    "__proto__",
    "openai/\u0000",
    "openai/a\nb",
    " ",
    "\u202eopenai/x",
    "x".repeat(100_000),
    `${"y".repeat(5000)}/z`,
  ];
  test.each([...hostile, undefined, null, 7, {}, ["openai/gpt-5"]])("hostile input %# gives the one clean error", (model) => {
    const error = caught(() => plain.resolve(model as string));
    expect(error.code).toBe("MODEL_NOT_FOUND");
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("any text resolves or gives that error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (model) => {
        try {
          expect(plain.resolve(model).model).not.toBe("");
        } catch (error) {
          expect(CrosspointError.is(error, "MODEL_NOT_FOUND")).toBe(true);
        }
      }),
    );
  });
});

describe("X24 base URLs", () => {
  const url = (id: string, settings: ProviderSettings | undefined, env: Record<string, string> = {}): string =>
    createRegistry(settings === undefined ? {} : { [id]: settings }, env).get(id)!.baseURL;

  test("settings win over the environment, the environment over the row", () => {
    const env = { OPENAI_BASE_URL: "https://env.example/v1/" };
    expect(url("openai", undefined)).toBe("https://api.openai.com/v1");
    expect(url("openai", undefined, env)).toBe("https://env.example/v1");
    expect(url("openai", { baseURL: "https://mine.example/v1//" }, env)).toBe("https://mine.example/v1");
    expect(url("openai", undefined, { OPENAI_API_BASE: "https://second.example/v1" })).toBe("https://second.example/v1");
  });

  test("an empty variable counts as unset, an empty setting is refused", () => {
    expect(url("openai", undefined, { OPENAI_BASE_URL: " " })).toBe("https://api.openai.com/v1");
    expect(caught(() => createRegistry({ openai: { baseURL: "" } }, {})).message).toMatch(/providers.openai: baseURL must be a URL/);
  });

  test("what is no URL is refused by the name of its source, without its text", () => {
    expect(caught(() => createRegistry({ openai: { baseURL: "hello" } }, {})).code).toBe("INVALID_OPTIONS");
    const error = caught(() => createRegistry({}, { OPENAI_BASE_URL: "https://u:secretword@h" }).get("openai"));
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain("OPENAI_BASE_URL");
    expect(error.message).not.toContain("secretword");
  });

  test("a bare host of the Anthropic or Gemini wire gets its version", () => {
    expect(url("anthropic", { baseURL: "https://api.anthropic.com/" })).toBe("https://api.anthropic.com/v1");
    expect(url("anthropic", undefined, { ANTHROPIC_BASE_URL: "https://gw.example/anthropic" })).toBe("https://gw.example/anthropic/v1");
    expect(url("anthropic", { baseURL: "https://gw.example/v1" })).toBe("https://gw.example/v1");
    expect(url("google", undefined, { GOOGLE_GEMINI_BASE_URL: "https://gw.example" })).toBe("https://gw.example/v1beta");
    expect(url("lab", { codec: "anthropic-messages", baseURL: "http://10.0.0.1:9" })).toBe("http://10.0.0.1:9/v1");
    expect(url("lab", { codec: "openai-chat", baseURL: "http://10.0.0.1:9" })).toBe("http://10.0.0.1:9");
  });

  test.each([
    ["127.0.0.1", "http://127.0.0.1:11434/v1"],
    ["0.0.0.0:8080", "http://127.0.0.1:8080/v1"],
    [":9999", "http://127.0.0.1:9999/v1"],
    ["box.lan", "http://box.lan:11434/v1"],
    ["[::1]:7", "http://[::1]:7/v1"],
    ["https://box.lan", "https://box.lan/v1"],
    ["http://box.lan:1/v1/", "http://box.lan:1/v1"],
  ])("OLLAMA_HOST=%s is %s", (host, expected) => {
    expect(url("ollama", undefined, { OLLAMA_HOST: host })).toBe(expected);
  });

  test("placeholders are filled from params, then the environment; a missing one is named", () => {
    const id = "cloudflare-workers-ai";
    expect(url(id, undefined, { CLOUDFLARE_ACCOUNT_ID: "abc" })).toBe("https://api.cloudflare.com/client/v4/accounts/abc/ai/v1");
    expect(url(id, { params: { CLOUDFLARE_ACCOUNT_ID: "def" } }, { CLOUDFLARE_ACCOUNT_ID: "abc" })).toContain("/def/");
    expect(url("bedrock_mantle", { params: { region: "eu-west-1" } }, { AWS_REGION: "us-east-1" })).toContain(".eu-west-1.");
    expect(url("databricks", undefined, { DATABRICKS_HOST: "https://dbc.example" })).toBe("https://dbc.example/serving-endpoints");
    const error = caught(() => plain.resolve(`${id}/@cf/meta/llama`));
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain("CLOUDFLARE_ACCOUNT_ID");
    expect(() => plain.list()).not.toThrow();
  });

  test("a value cannot smuggle credentials or a query into a base URL", () => {
    for (const value of ["evil.example/?", "a@evil.example/", "x#", "a b"]) {
      expect(caught(() => url("snowflake-cortex", { params: { SNOWFLAKE_ACCOUNT: value } })).code).toBe("INVALID_OPTIONS");
    }
  });
});

describe("providers of one's own", () => {
  test("codec and base URL are enough, and no key is needed", () => {
    const lab = createRegistry({ lab: { codec: "openai-chat", baseURL: "http://127.0.0.1:8000/v1" } }, {}).resolve("lab/my/model");
    expect(lab.model).toBe("my/model");
    expect(lab.provider).toMatchObject({
      id: "lab",
      family: "lab",
      keyOptional: true,
      keyEnv: ["LAB_API_KEY"],
      auth: "bearer",
      quirks: {},
    });
    expect(lab.provider.optionKeys).toEqual(["openai-chat", "lab"]);
  });

  test("a row made with defineProvider is one", () => {
    const row = defineProvider({
      id: "lab",
      aliases: ["laboratory"],
      codec: "openai-chat",
      baseURL: "https://{zone}.lab.example/v1",
      keyEnv: ["LAB_KEY"],
      headers: { "X-Zone": "{zone}" },
      quirks: { maxStop: 4 },
    });
    const registry = createRegistry({ lab: { ...row, params: { zone: "eu" } } }, {});
    expect(registry.get("laboratory")).toMatchObject({
      baseURL: "https://eu.lab.example/v1",
      headers: { "x-zone": "eu" },
      keyEnv: ["LAB_KEY"],
      keyOptional: false,
      quirks: { maxStop: 4 },
    });
  });

  test("one that extends a known host at another address never takes that host's key", () => {
    const registry = createRegistry(
      { proxy: { extends: "mistral", baseURL: "https://proxy.example/v1" } },
      { MISTRAL_API_KEY: "k", MISTRAL_API_BASE: "https://no.example" },
    );
    const proxy = registry.get("proxy")!;
    expect(proxy).toMatchObject({ baseURL: "https://proxy.example/v1", family: "mistral", keyEnv: ["PROXY_API_KEY"] });
    expect(proxy.quirks.toolCallIds).toBe("alnum9");
    expect(proxy.secret()).toBeUndefined();
  });

  test("a second account at the same host keeps the host's variables", () => {
    const second = createRegistry({ openai2: { extends: "openai", apiKey: "mine" } }, {}).get("openai2")!;
    expect(second).toMatchObject({ baseURL: "https://api.openai.com/v1", family: "openai", keyEnv: ["OPENAI_API_KEY"] });
    expect(second.optionKeys).toEqual(["openai-responses", "openai", "openai2"]);
  });

  test("another wire leaves the old wire's auth and quirks behind", () => {
    const provider = createRegistry({ deepseek: { codec: "anthropic-messages", baseURL: "https://api.deepseek.com/anthropic" } }, {}).get(
      "deepseek",
    )!;
    expect(provider).toMatchObject({
      auth: "x-api-key",
      quirks: {},
      baseURL: "https://api.deepseek.com/anthropic/v1",
      headers: { "anthropic-version": "2023-06-01" },
    });
    expect(provider.embeddings).toBeUndefined();
  });

  test("quirks are laid over those of the row one by one", () => {
    const { quirks } = createRegistry({ mistral: { quirks: { maxTemperature: 2 } } }, {}).get("mistral")!;
    expect(quirks).toMatchObject({ maxTemperature: 2, toolCallIds: "alnum9" });
  });

  test("an alias configures the row it stands for", () => {
    const registry = createRegistry({ gemini: { baseURL: "https://g.example/v1beta" } }, {});
    expect(registry.get("google")!.baseURL).toBe("https://g.example/v1beta");
    expect(registry.list().filter(({ id }) => id === "google" || id === "gemini")).toHaveLength(1);
    expect(caught(() => createRegistry({ gemini: {}, google: {} }, {})).message).toMatch(/twice/);
  });

  test("what is said of openai holds for the same host over Chat", () => {
    const registry = createRegistry({ openai: { apiKey: "mine", baseURL: "https://gw.example/v1", quirks: { stateless: true } } }, {});
    expect(registry.get("openai-chat")).toMatchObject({ baseURL: "https://gw.example/v1", codec: "openai-chat" });
    expect(registry.get("openai-chat")!.secret()?.value).toBe("mine");
    expect(registry.get("openai-chat")!.quirks.stateless).toBeUndefined();
    expect(
      createRegistry({ mistral: { apiKey: "mine" } }, {})
        .get("codestral")!
        .secret(),
    ).toBeUndefined();
  });

  test.each([
    ["neither codec nor base URL", { lab: {} }, /needs codec .* and baseURL/],
    ["a misspelt provider", { opnai: { apiKey: "k" } }, /did you mean openai/],
    ["codec without base URL", { lab: { codec: "openai-chat" } }, /baseURL/],
    ["an unknown codec", { lab: { codec: "x", baseURL: "http://h" } }, /codec must be/],
    ["an unknown setting", { openai: { apikey: "k" } }, /unknown field "apikey".*apiKey/],
    ["a number for a key", { openai: { apiKey: 5 } }, /apiKey must be/],
    ["X25 key and token together", { anthropic: { apiKey: "a", authToken: "b" } }, /apiKey or authToken, not both/],
    ["extending nothing", { lab: { extends: "nowhere", baseURL: "http://h" } }, /extends "nowhere"/],
    ["extending in a circle", { a1: { extends: "b1" }, b1: { extends: "a1" } }, /extends itself/],
    ["extending itself", { a1: { extends: "a1", baseURL: "http://h" } }, /extends/],
    ["settings that are none", { openai: "key" }, /must be an object/],
    ["an id with a slash", { "a/b": { codec: "openai-chat", baseURL: "http://h" } }, /an id must be/],
    ["params that are no texts", { openai: { params: { a: 1 } } }, /params/],
    ["headers that break the line", { openai: { headers: { "x-a": "1\n2" } } }, /header x-a/],
    ["a row under another key", { lab: { id: "other", codec: "openai-chat", baseURL: "http://h" } }, /id differs/],
  ])("%s is refused", (_name, custom, message) => {
    const error = caught(() => createRegistry(custom as Record<string, ProviderSettings>, {}));
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toMatch(message);
  });

  test("a key named __proto__ is refused and pollutes nothing", () => {
    const custom = JSON.parse('{"__proto__":{"codec":"openai-chat","baseURL":"http://h"}}') as Record<string, ProviderSettings>;
    expect(caught(() => createRegistry(custom, {})).code).toBe("INVALID_OPTIONS");
    expect(({} as Record<string, unknown>)["codec"]).toBeUndefined();
  });
});

describe("X10 headers", () => {
  test("settings win whatever their case, undefined removes, placeholders fill or vanish", () => {
    const registry = createRegistry(
      {
        anthropic: { headers: { "Anthropic-Version": "2099-01-01", "X-Team": "a" } },
        openai: { organization: "org-1" },
        openrouter: { headers: { "X-Title": undefined } },
      },
      { OR_APP_NAME: "app", OR_SITE_URL: "https://site.example" },
    );
    expect(registry.get("anthropic")!.headers).toEqual({ "anthropic-version": "2099-01-01", "x-team": "a" });
    expect(registry.get("openai")!.headers).toEqual({ "openai-organization": "org-1" });
    expect(registry.get("openrouter")!.headers).toEqual({ "http-referer": "https://site.example" });
    expect(plain.get("openai")!.headers).toEqual({});
  });

  test("a function is asked each time, and may promise", async () => {
    let calls = 0;
    const registry = createRegistry(
      { anthropic: { headers: async () => ({ "x-n": String(++calls), "Anthropic-Version": undefined }) } },
      {},
    );
    const { headers } = registry.get("anthropic")!;
    if (typeof headers !== "function") throw new Error("not a function");
    expect(await headers()).toEqual({ "x-n": "1" });
    expect(await headers()).toEqual({ "x-n": "2" });
  });

  test("a function that gives a broken header is refused when asked", () => {
    const { headers } = createRegistry({ groq: { headers: () => ({ "x-a": "1\r\n2" }) } }, {}).get("groq")!;
    expect(caught(() => (headers as () => unknown)()).code).toBe("INVALID_OPTIONS");
  });
});

test("the list tells where a credential is, and holds none", () => {
  const registry = createRegistry(
    { openai: { apiKey: "topsecret", headers: { authorization: "Bearer topsecret" } } },
    { GROQ_API_KEY: "hushhush" },
  );
  const list = registry.list();
  const configured = list.filter((info) => info.configured).map(({ id }) => id);
  expect(configured).toEqual(["openai", "openai-chat", "groq"]);
  const shown = JSON.stringify([list, registry.get("openai"), registry.get("groq")]);
  expect(shown).not.toMatch(/topsecret|hushhush/);
});

test("X22 options may be written under the wire, the family, an alias or the id, the id strongest", () => {
  expect(plain.get("google")!.optionKeys).toEqual(["gemini", "google"]);
  expect(plain.get("openai-chat")!.optionKeys).toEqual(["openai-chat", "openai"]);
  expect(plain.get("alibaba")!.optionKeys).toEqual(["openai-chat", "dashscope", "qwen", "alibaba"]);
});
