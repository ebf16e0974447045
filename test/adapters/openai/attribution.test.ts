import { describe, expect, test } from "vitest";
import { createRig, MODELS, readAll, WIRES } from "./support.ts";

const messages = [{ role: "user" as const, content: "hello" }];

describe.each(WIRES)("attribution over %s", (_wire, model) => {
  test("comes from the request's own fields, and stays in the layer", async () => {
    const { openai, spend, simulator } = createRig();
    await openai.chat.completions.create({ model, messages, user: "ada-l", metadata: { ticket: "t-77" } });
    await readAll(await openai.chat.completions.create({ model, messages, safety_identifier: "ada-l", stream: true }));
    await openai.responses.create({ model, input: "hello", user: "ada-l", metadata: { ticket: "t-77" } });
    await openai.responses.create({ model, input: "hello", safety_identifier: "ada-l" });
    expect(spend.map(({ attribution }) => attribution)).toEqual([
      { user: "ada-l", metadata: { ticket: "t-77" } },
      { user: "ada-l" },
      { user: "ada-l", metadata: { ticket: "t-77" } },
      { user: "ada-l" },
    ]);
    expect(JSON.stringify(simulator.requests)).not.toMatch(/ada-l|t-77|crosspoint-/);
  });
});

describe("attribution", () => {
  const model = MODELS["openai-chat"];

  test("comes from headers, of the client and of the call, and the call's win", async () => {
    const { openai, spend } = createRig({
      client: { defaultHeaders: { "x-crosspoint-team": "search", "x-crosspoint-tags": "prod, eu", "x-crosspoint-metadata-env": "live" } },
    });
    await openai.chat.completions.create(
      { model, messages, user: "ada" },
      { headers: { "x-crosspoint-user": "grace", "x-crosspoint-team": "ads", "x-crosspoint-session": "s1", "x-crosspoint-project": "p1" } },
    );
    expect(spend[0]!.attribution).toEqual({
      user: "grace",
      team: "ads",
      session: "s1",
      project: "p1",
      tags: ["prod", "eu"],
      metadata: { env: "live" },
    });
  });

  test("comes from the client's option, whatever its letters, below all others and over the scope", async () => {
    const attribution = { user: "Ørsted 🧭", team: "søk", tags: ["a,b"], metadata: { "Clé É": "ß" } };
    const { openai, spend, crosspoint } = createRig({ client: { attribution } });
    const ask = (params: object, headers = {}): Promise<unknown> =>
      openai.chat.completions.create({ model, messages, ...params }, { headers });
    await ask({});
    await ask({ user: "ada", metadata: { ticket: "7" } }, { "x-crosspoint-tags": "c" });
    await crosspoint.withAttribution({ project: "scope", team: "scope" }, () => ask({}));
    expect(spend.map((row) => row.attribution)).toEqual([
      attribution,
      { user: "ada", team: "søk", tags: ["a,b", "c"], metadata: { "Clé É": "ß", ticket: "7" } },
      { ...attribution, project: "scope" },
    ]);
  });

  test("that is none is refused", async () => {
    const { openai, simulator } = createRig({ client: { attribution: { team: 7 as never } } });
    await expect(openai.chat.completions.create({ model, messages })).rejects.toMatchObject({
      status: 400,
      param: "x-crosspoint-attribution",
    });
    await expect(openai.responses.create({ model, input: "x" }, { headers: { "x-crosspoint-attribution": "{" } })).rejects.toMatchObject({
      status: 400,
      param: "x-crosspoint-attribution",
    });
    expect(simulator.requests).toHaveLength(0);
  });

  test("reaches the provider when the layer is told to forward it", async () => {
    const { openai, simulator } = createRig({ layer: { forward: ["user", "metadata"] } });
    await openai.responses.create({ model: MODELS["openai-responses"], input: "hello", user: "ada", metadata: { ticket: "7" } });
    expect(simulator.requests[0]!.body).toMatchObject({ user: "ada", metadata: { ticket: "7" } });
  });
});
