import type OpenAI from "openai";
import { toResponseInputItems } from "openai/lib/responses/ResponseInputItems";
import { describe, expect, test } from "vitest";
import { crosspointOf } from "crosspoint/openai";
import { createRig, weather, type Rig } from "./support.ts";

type Items = OpenAI.Responses.ResponseInputItem[];

const tools = [{ type: "function" as const, name: "weather", parameters: weather, strict: true }];
const user = { role: "user" as const, content: 'What is the weather in "Paris"?' };
const stateless = { tools, store: false, reasoning: { effort: "low" as const }, include: ["reasoning.encrypted_content" as const] };

/** Providers whose reasoning comes with state of their own, and the key of it on their wire. */
const THINKING = [
  ["anthropic/claude-sonnet-4-5", /"signature":"([^"]+)"/],
  ["google/gemini-2.5-flash", /"thoughtSignature":"([^"]+)"/],
  ["google/gemini-3-pro-preview", /"thoughtSignature":"([^"]+)"/],
] as const;

const SECRET = { envelopeSecret: "the same in both" };

async function firstTurn({ openai }: Rig, model: string, stream = false): Promise<Items> {
  const params = { model, input: [user], ...stateless };
  const response: OpenAI.Responses.Response = stream
    ? await openai.responses.stream(params).finalResponse()
    : await openai.responses.create(params);
  const call = response.output.find((item) => item.type === "function_call")!;
  return [
    user,
    ...(toResponseInputItems(response.output) as Items),
    { type: "function_call_output", call_id: call.call_id, output: "21 degrees" },
  ];
}

const sealedOf = (items: Items): string[] =>
  items.flatMap((item) => (item.type === "reasoning" && item.encrypted_content ? [item.encrypted_content] : []));

const withState = (items: Items, change: (state: string) => string): Items =>
  items.map((item) =>
    item.type === "reasoning" && item.encrypted_content ? { ...item, encrypted_content: change(item.encrypted_content) } : item,
  );

const sentOf = ({ simulator }: Rig): string => JSON.stringify(simulator.requests.at(-1)!.body);

/** The warnings of an answer that lost state. */
const lostIn = (response: object): unknown[] =>
  (crosspointOf(response)!.warnings ?? []).filter(({ details }) => /envelope/.test(details ?? ""));

describe.each(THINKING)("reasoning of %s in a client of OpenAI's", (model, key) => {
  test.each([false, true])("comes sealed and goes back as it was, call by call (stream: %s)", async (stream) => {
    const rig = createRig();
    const items = await firstTurn(rig, model, stream);
    const sealed = sealedOf(items);
    expect(sealed.length).toBeGreaterThan(0);
    for (const state of sealed) expect(state).toMatch(/^xp1\.[\w-]+\.[\w-]+$/);
    const second = await rig.openai.responses.create({ model, input: items, ...stateless });
    expect(second.output_text).toBe("weather returned 21 degrees.");
    expect(lostIn(second)).toEqual([]);
    expect(sentOf(rig)).toMatch(key);
    expect(sentOf(rig)).not.toContain("xp1.");
  });

  test("goes on in another process that has the secret", async () => {
    const items = await firstTurn(createRig({ layer: SECRET }), model);
    const rig = createRig({ layer: SECRET });
    const second = await rig.openai.responses.create({ model, input: items, ...stateless });
    expect(lostIn(second)).toEqual([]);
    expect(sentOf(rig)).toMatch(key);
  });

  test.each([
    ["tampered with", (state: string) => `${state.slice(0, 30)}${state[30] === "A" ? "B" : "A"}${state.slice(31)}`],
    ["cut", (state: string) => state.slice(0, -1)],
    ["forged", () => "xp1.WyJhbnRocm9waWMiLCJzaWduYXR1cmUiLCJYWCIsbnVsbCw5OTk5OTldXQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  ])("that was %s is left out with a warning", async (_how, change) => {
    const rig = createRig();
    const items = withState(await firstTurn(rig, model), change);
    const second = await rig.openai.responses.create({ model, input: items, ...stateless });
    expect(second.output_text).toBe("weather returned 21 degrees.");
    expect(lostIn(second)).toHaveLength(1);
    expect(sentOf(rig)).not.toMatch(/xp1\.|AAAAAAAA/);
  });

  test("of a layer with another secret, or past its time, is left out with a warning", async () => {
    const foreign = createRig();
    const items = await firstTurn(createRig(), model);
    expect(lostIn(await foreign.openai.responses.create({ model, input: items, ...stateless }))).toHaveLength(1);
    expect(sentOf(foreign)).not.toMatch(/xp1\./);

    let time = 1_800_000_000_000;
    const clock = { now: () => time, after: () => () => {} };
    const brief = createRig({ layer: { clock, envelopeTtl: 3_600_000 } });
    const mine = await firstTurn(brief, model);
    expect(lostIn(await brief.openai.responses.create({ model, input: mine, ...stateless }))).toEqual([]);
    time += 3 * 3_600_000;
    const late = await brief.openai.responses.create({ model, input: mine, ...stateless });
    expect(late.output_text).toBe("weather returned 21 degrees.");
    expect(lostIn(late)).toHaveLength(1);
  });

  test("reaches no other provider", async () => {
    const rig = createRig();
    const items = await firstTurn(rig, model);
    const state = key.exec(JSON.stringify(rig.simulator.requests))?.[1];
    for (const other of ["openai/gpt-5-mini", "openai-chat/gpt-4o", ...THINKING.map(([each]) => each)]) {
      if (other.split("/")[0] === model.split("/")[0]) continue;
      const second = await rig.openai.responses.create({ model: other, input: items, ...stateless });
      expect(second.output_text, other).toBe("weather returned 21 degrees.");
      expect(sentOf(rig)).not.toContain("xp1.");
      if (state !== undefined) expect(sentOf(rig)).not.toContain(state);
      expect(rig.simulator.requests.at(-1)!.status).toBe(200);
    }
  });
});

test("OpenAI's own encrypted reasoning passes as it is, and goes nowhere else", async () => {
  const rig = createRig();
  const items = await firstTurn(rig, "openai/gpt-5-mini");
  const [state] = sealedOf(items);
  expect(state).not.toContain("xp1.");
  await rig.openai.responses.create({ model: "openai/gpt-5-mini", input: items, ...stateless });
  expect(sentOf(rig)).toContain(state);
  await rig.openai.responses.create({ model: "anthropic/claude-sonnet-4-5", input: items, ...stateless });
  expect(sentOf(rig)).not.toContain(state);
});
