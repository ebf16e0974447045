import { describe, expect, test } from "vitest";
import { credentials } from "../../src/auth/api-key.ts";
import { CrosspointError } from "../../src/ir/index.ts";
import type { ProviderSettings } from "../../src/providers/provider.ts";
import { createRegistry } from "../../src/providers/registry.ts";

type Env = Record<string, string>;

function headers(id: string, settings: ProviderSettings, env: Env = {}, perCall?: string) {
  return credentials(createRegistry({ [id]: settings }, env).get(id)!, perCall);
}

async function failure(action: () => unknown): Promise<CrosspointError> {
  try {
    await action();
  } catch (error) {
    if (CrosspointError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("how a key travels", () => {
  test.each([
    ["openai", { authorization: "Bearer k-1" }],
    ["anthropic", { "x-api-key": "k-1" }],
    ["google", { "x-goog-api-key": "k-1" }],
    ["ollama", { authorization: "Bearer k-1" }],
    ["kimi-for-coding", { "x-api-key": "k-1" }],
  ])("%s", (id, expected) => {
    expect(headers(id, { apiKey: "k-1" })).toEqual(expected);
  });

  test("in a header of the provider's own", () => {
    const lab: ProviderSettings = { codec: "openai-chat", baseURL: "http://h", apiKey: "k-1" };
    expect(headers("lab", { ...lab, auth: { header: "Api-Subscription-Key" } })).toEqual({ "api-subscription-key": "k-1" });
    expect(headers("lab", { ...lab, auth: { header: "authorization", prefix: "Key " } })).toEqual({ authorization: "Key k-1" });
    expect(headers("lab", { ...lab, auth: "none" })).toEqual({});
  });

  test("X25 an Anthropic token goes as Bearer, from the settings or the environment", () => {
    expect(headers("anthropic", { authToken: "t-1" }, { ANTHROPIC_API_KEY: "k" })).toEqual({ authorization: "Bearer t-1" });
    expect(headers("anthropic", {}, { ANTHROPIC_AUTH_TOKEN: "t-2" })).toEqual({ authorization: "Bearer t-2" });
    expect(headers("anthropic", {}, { ANTHROPIC_AUTH_TOKEN: "t-2", ANTHROPIC_API_KEY: "k" })).toEqual({ "x-api-key": "k" });
  });
});

describe("where a key comes from", () => {
  test("the call, then the settings, then the environment in its order", () => {
    const env = { GEMINI_API_KEY: "first", GOOGLE_API_KEY: "second" };
    expect(headers("google", { apiKey: "set" }, env, "call")).toEqual({ "x-goog-api-key": "call" });
    expect(headers("google", { apiKey: "set" }, env)).toEqual({ "x-goog-api-key": "set" });
    expect(headers("google", {}, env)).toEqual({ "x-goog-api-key": "first" });
    expect(headers("google", {}, { ...env, GEMINI_API_KEY: "  " })).toEqual({ "x-goog-api-key": "second" });
  });

  test("X25 the environment is read when the key is needed", () => {
    const env: Env = {};
    const groq = createRegistry({}, env).get("groq")!;
    env["GROQ_API_KEY"] = "late";
    expect(credentials(groq)).toEqual({ authorization: "Bearer late" });
  });

  test("X25 a function is asked each time; only a promise makes a promise", async () => {
    let asked = 0;
    const provider = createRegistry({ groq: { apiKey: async () => `k${++asked}` }, mistral: { apiKey: () => "sync" } }, {});
    expect(await credentials(provider.get("groq")!)).toEqual({ authorization: "Bearer k1" });
    expect(await credentials(provider.get("groq")!)).toEqual({ authorization: "Bearer k2" });
    expect(credentials(provider.get("mistral")!)).toEqual({ authorization: "Bearer sync" });
  });

  test("headers of the user's own may carry the credential", () => {
    expect(headers("openai", { headers: { Authorization: "Bearer mine" } })).toEqual({});
    expect(headers("anthropic", { headers: { "X-Api-Key": "mine" } }, { ANTHROPIC_API_KEY: "not this" })).toEqual({});
  });
});

describe("what is missing or unusable", () => {
  test("every variable that would do is named, and the option", async () => {
    const error = await failure(() => headers("anthropic", {}));
    expect(error).toMatchObject({ code: "MISSING_API_KEY", status: 401, provider: "anthropic", retryable: false });
    expect(error.message).toContain("ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN");
    expect(error.message).toContain("apiKey");
  });

  test("a server that needs no key gets none", () => {
    expect(headers("ollama", {})).toEqual({});
    expect(headers("lab", { codec: "openai-chat", baseURL: "http://h" })).toEqual({});
  });

  test.each([
    ["a key that is asked for", { codec: "openai-chat", baseURL: "http://h", keyEnv: ["LAB"] }],
    ["an empty one", { codec: "openai-chat", baseURL: "http://h", auth: "bearer", apiKey: "" }],
  ] as const)("%s is missed", async (_name, settings) => {
    expect((await failure(() => headers("lab", settings))).code).toBe("MISSING_API_KEY");
  });

  test.each(["hunter2\n", "hunter2 x", " hunter2", "hunter2\r\nx-evil: 1", "hunter2\u00e9", "hunter2\u0000"])(
    "a key that no header can carry (%#) is refused unseen",
    async (key) => {
      for (const action of [
        () => headers("openai", { apiKey: key }),
        () => headers("openai", {}, {}, key),
        () => headers("openai", { apiKey: async () => key }),
        () => headers("openai", {}, { OPENAI_API_KEY: key }),
      ]) {
        const error = await failure(action);
        expect(error.code).toBe("INVALID_OPTIONS");
        expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain("hunter2");
      }
    },
  );

  test.each([
    ["throws", () => Promise.reject(new Error("vault is sealed"))],
    [
      "throws at once",
      () => {
        throw new Error("vault is sealed");
      },
    ],
    ["gives nothing", () => undefined as unknown as string],
    ["gives an empty text", async () => ""],
  ])("a function that %s is a missing key", async (_name, apiKey) => {
    const error = await failure(() => headers("openai", { apiKey }));
    expect(error.code).toBe("MISSING_API_KEY");
    expect(error.message).not.toContain("vault");
  });

  test("a function that gives no text is refused", async () => {
    expect((await failure(() => headers("openai", { apiKey: () => 5 as unknown as string }))).code).toBe("INVALID_OPTIONS");
  });
});
