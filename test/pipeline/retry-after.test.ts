import { describe, expect, test } from "vitest";
import { createFakeClock } from "../support/clock.ts";
import { chatAnswer, createWired } from "../support/wire.ts";
import { historyPass, providerCodec } from "../../src/codecs/load.ts";

const messages = [{ role: "user", content: "Hi" }] as const;
for (const codec of ["openai-responses", "anthropic-messages", "gemini"] as const) await providerCodec(codec);
await historyPass();

const openai = { error: { message: "slow down", type: "requests", code: "rate_limit_exceeded" } };
const anthropic = { type: "error", error: { type: "rate_limit_error", message: "slow down" } };
const google = (delay: string | undefined): object => ({
  error: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "slow down",
    details: delay === undefined ? [] : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: delay }],
  },
});
/** A date that many seconds from now, in HTTP's form. */
const date = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();
const later = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

/** What comes, from which wire, and the wait that it asks for; those with dates count from now. */
const FORMS: readonly (readonly [
  what: string,
  model: string,
  headers: Record<string, string>,
  body: object,
  ms: number,
  within: number,
])[] = [
  ["retry-after in seconds", "openai-chat/gpt-4o", { "retry-after": "3" }, openai, 3_000, 0],
  ["retry-after in parts of a second", "openai-chat/gpt-4o", { "retry-after": "0.5" }, openai, 500, 0],
  ["retry-after-ms before retry-after", "openai/gpt-4o", { "retry-after-ms": "1250", "retry-after": "9" }, openai, 1_250, 0],
  ["retry-after as a date", "openai-chat/gpt-4o", { "retry-after": date(7) }, openai, 7_000, 4_000],
  [
    "the reset of the limit that is used up",
    "openai-chat/gpt-4o",
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "4s",
      "x-ratelimit-remaining-tokens": "50",
      "x-ratelimit-reset-tokens": "6m0s",
    },
    openai,
    4_000,
    0,
  ],
  ["Anthropic, seconds", "anthropic/claude-sonnet-4-6", { "retry-after": "6" }, anthropic, 6_000, 0],
  [
    "Anthropic, the reset of the limit that is used up",
    "anthropic/claude-sonnet-4-6",
    { "anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": later(7) },
    anthropic,
    7_000,
    4_000,
  ],
  ["Google's RetryInfo", "google/gemini-2.5-flash", {}, google("2.5s"), 2_500, 0],
  ["Google's RetryInfo over a compatible host", "openai-chat/gpt-4o", {}, google("2.5s"), 2_500, 0],
  ["Google, header", "google/gemini-2.5-flash", { "retry-after": "8" }, google(undefined), 8_000, 0],
];

describe("the wait that a provider asks for is kept", () => {
  test.each(FORMS)("%s", async (_, model, headers, body, ms, within) => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired(
      (_each, index) => (index === 0 ? Response.json(body, { status: 429, headers }) : chatAnswer("ok")),
      {
        clock,
        retries: 1,
        random: () => 0,
        env: { OPENAI_API_KEY: "k1-00000000", ANTHROPIC_API_KEY: "k2-00000000", GEMINI_API_KEY: "k3-00000000" },
      },
    );
    const pending = crosspoint.generate({ model, messages }).catch(() => undefined); // the second answer is in one wire only
    await clock.advance(ms - within - 10);
    expect(sent).toHaveLength(1);
    await clock.advance(within + 20);
    expect(sent).toHaveLength(2);
    await pending;
  });

  test("one that asks for more than a minute is not waited for", async () => {
    const clock = createFakeClock();
    const { crosspoint, sent } = createWired(() => Response.json(openai, { status: 429, headers: { "retry-after": "61" } }), { clock });
    await expect(crosspoint.generate({ model: "openai-chat/gpt-4o", messages })).rejects.toMatchObject({
      code: "RATE_LIMITED",
      retryAfter: 61_000,
    });
    expect(sent).toHaveLength(1);
  });
});
