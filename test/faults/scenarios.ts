import type { CrosspointOptions, Recovery } from "crosspoint";
import { expect } from "vitest";
import { ask, type Channel, type Result } from "./channels.ts";
import { ANSWER, clock, pause } from "./provider.ts";
import type { World } from "./world.ts";

export interface Scenario {
  /** As peers count them. */
  readonly id: string;
  readonly fault: string;
  /** What must happen. */
  readonly behaviour: string;
  readonly options?: CrosspointOptions;
  /** The modes of recovery that it is run in. Default: `error` alone, which plays no part. */
  readonly modes?: readonly Recovery[];
  /** Throws when it did not; else says in a few words what the client got. */
  run(world: World, channel: Channel, mode: Recovery): Promise<string>;
}

const times = ({ requests }: World["primary"]): readonly number[] => requests.map(({ time }) => time);

/** The whole answer came, from the one or the other. */
function whole({ text, error }: Result, { primary, backup }: World, from: "primary" | "backup"): string {
  expect(error).toBeUndefined();
  expect(text).toBe(ANSWER);
  expect(backup.requests.length).toBe(from === "backup" ? 1 : 0);
  if (from === "primary") expect(primary.requests.at(-1)!.status).toBe(200);
  return from === "backup" ? "fallback" : "answer";
}

/** A stream that broke off: told, or made good, as the mode says and the client's wire allows. */
function recovered(result: Result, world: World, channel: Channel, mode: Recovery): string {
  if (mode === "buffer" || (mode === "restart" && channel.restarts)) return whole(result, world, "backup");
  if (mode === "continue") return whole(result, world, "backup") && "continued";
  expect(result.error).toBeDefined();
  expect(result.text.length).toBeGreaterThan(0);
  expect(result.text.length).toBeLessThan(ANSWER.length);
  expect(world.backup.requests).toHaveLength(0);
  return "error told";
}

/** The call's row is written when the last attempt is closed, which may be after its client has the answer. */
async function settled({ rows }: World): Promise<void> {
  for (let turn = 0; turn < 100 && rows.length === 0; turn++) await pause(200);
  expect(rows).toHaveLength(1);
}

const MODES = ["error", "restart", "continue", "buffer"] as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    id: "S01",
    fault: "429 with `Retry-After: 2`, once",
    behaviour: "a second try after 2 s, none before",
    async run(world, channel) {
      world.primary.fault({ status: 429, retryAfter: 2 });
      const result = await ask(channel, world);
      const [first, second, ...more] = times(world.primary);
      expect(second! - first!).toBeGreaterThanOrEqual(1_800);
      expect(more).toEqual([]);
      return whole(result, world, "primary");
    },
  },
  {
    id: "S02",
    fault: "429 without end, no header",
    behaviour: "at most 4 tries in 3 s and 6 in all, then the fallback",
    async run(world, channel) {
      world.primary.fault({ status: 429, times: Infinity });
      const result = await ask(channel, world);
      const tries = times(world.primary);
      expect(tries.filter((time) => time < tries[0]! + 3_000).length).toBeLessThanOrEqual(4);
      expect(tries.length).toBeLessThanOrEqual(6);
      return whole(result, world, "backup");
    },
  },
  {
    id: "S03",
    fault: "500, once",
    behaviour: "a second try at the same provider",
    async run(world, channel) {
      world.primary.fault({ status: 500 });
      const result = await ask(channel, world);
      expect(world.primary.requests).toHaveLength(2);
      return whole(result, world, "primary");
    },
  },
  {
    id: "S04",
    fault: "503 without end",
    behaviour: "the fallback, within the tries that the call has",
    async run(world, channel) {
      world.primary.fault({ status: 503, times: Infinity });
      const result = await ask(channel, world);
      expect(world.primary.requests.length).toBeLessThanOrEqual(3);
      return whole(result, world, "backup");
    },
  },
  {
    id: "S05",
    fault: "TCP reset before the headers",
    behaviour: "a second try; without end, the fallback",
    async run(world, channel) {
      world.primary.fault({ reset: "before-headers" });
      const once = await ask(channel, world);
      whole(once, world, "primary");
      world.primary.fault({ reset: "before-headers", times: Infinity });
      return whole(await ask(channel, world), world, "backup");
    },
  },
  {
    id: "S06",
    fault: "no response for 120 s",
    behaviour: "the fallback answers within 100 s, and the silent route is not tried again",
    async run(world, channel) {
      world.primary.fault({ delayMs: 120_000, times: Infinity });
      const result = await ask(channel, world);
      expect(result.ms).toBeLessThan(100_000);
      expect(world.primary.requests).toHaveLength(1);
      return whole(result, world, "backup");
    },
  },
  {
    id: "S07",
    fault: "headers at once, the first token after 20 s",
    behaviour: "the fallback within 15 s",
    modes: MODES,
    async run(world, channel) {
      world.primary.fault({ stallMs: 20_000, times: Infinity });
      const result = await ask(channel, world, true);
      expect(result.ms).toBeLessThan(15_000);
      expect(world.primary.requests).toHaveLength(1);
      return whole(result, world, "backup");
    },
  },
  {
    id: "S08",
    fault: "the stream is cut after 40 of 60 tokens",
    behaviour: "the whole answer or an error that is told; never a short answer that looks like a success",
    options: {
      retries: 0,
      models: { main: { deployments: ["openai-chat/gpt-4.1"], fallbacks: ["backup"] }, backup: "anthropic/claude-sonnet-4-5" },
    },
    modes: MODES,
    async run(world, channel, mode) {
      world.primary.fault({ cutAfterChunks: 40 });
      return recovered(await ask(channel, world, true), world, channel, mode);
    },
  },
  {
    id: "S09",
    fault: "the stream stalls for 30 s in the middle",
    behaviour: "the wait is bounded, then as S08",
    options: { retries: 0 },
    modes: MODES,
    async run(world, channel, mode) {
      world.primary.fault({ stallMs: 30_000, afterChunks: 20 });
      const result = await ask(channel, world, true);
      expect(result.ms).toBeLessThan(20_000);
      return recovered(result, world, channel, mode);
    },
  },
  {
    id: "S10",
    fault: "a frame that is no JSON",
    behaviour: "it is skipped, the answer goes on",
    modes: MODES,
    async run(world, channel) {
      world.primary.fault({ malformedAfterChunks: 20 });
      const result = await ask(channel, world, true);
      expect(world.primary.requests).toHaveLength(1);
      return whole(result, world, "primary");
    },
  },
  {
    id: "S11",
    fault: "no `[DONE]`",
    behaviour: "the answer ends within 8 s, with its usage",
    modes: MODES,
    async run(world, channel) {
      world.primary.fault({ noTerminator: true });
      const result = await ask(channel, world, true);
      expect(result.ms).toBeLessThan(8_000);
      await settled(world);
      expect(world.rows[0]).toMatchObject({ outcome: "success", usage: { input: { total: 20 }, output: { total: 80 } } });
      return whole(result, world, "primary");
    },
  },
  {
    id: "S12",
    fault: "400 `context_length_exceeded`",
    behaviour: "no second try at the same size; the larger model answers",
    options: {
      models: {
        main: { deployments: ["openai-chat/gpt-4.1"], contextWindowFallbacks: ["backup"] },
        backup: "anthropic/claude-opus-4-6",
      },
    },
    async run(world, channel) {
      world.primary.fault({ status: 400, error: { code: "context_length_exceeded", message: "too long" }, times: Infinity });
      const result = await ask(channel, world);
      expect(world.primary.requests).toHaveLength(1);
      return whole(result, world, "backup");
    },
  },
  {
    id: "S13",
    fault: "400 of a content filter",
    behaviour: "no second try, nobody else is asked, the reason is told",
    async run(world, channel) {
      world.primary.fault({ status: 400, error: { code: "content_filter", message: "The content was filtered." }, times: Infinity });
      const { error } = await ask(channel, world);
      expect(error?.message).toContain("The content was filtered.");
      expect(error?.status).toBe(400);
      expect(world.primary.requests).toHaveLength(1);
      expect(world.backup.requests).toHaveLength(0);
      return "error told";
    },
  },
  {
    id: "S14",
    fault: "the stream is cut, and the fallback refuses a prefilled answer",
    behaviour: "the fallback answers from the beginning or goes on, asked in a form that it takes; no 400 comes through",
    options: { retries: 0 },
    modes: ["restart", "continue", "buffer"],
    async run(world, channel, mode) {
      world.primary.fault({ cutAfterChunks: 40 });
      const outcome = recovered(await ask(channel, world, true, "Well,"), world, channel, mode);
      for (const { status } of world.backup.requests) expect(status).toBe(200);
      return outcome;
    },
  },
  {
    id: "S15",
    fault: "an outage of 60 s, 20 calls meanwhile",
    behaviour: "each is answered, few tries go to what is down, and it is back in use within 30 s of its return",
    async run(world, channel) {
      world.primary.fault({ status: 503, times: Infinity });
      const until = clock.now() + 60_000;
      for (let call = 0; call < 20; call++) {
        const from = clock.now();
        const { text, error } = await ask(channel, world);
        expect(error).toBeUndefined();
        expect(text).toBe(ANSWER);
        await pause(Math.max(0, from + 3_000 - clock.now()));
      }
      const tries = world.primary.requests.length;
      expect(tries).toBeLessThanOrEqual(10);
      await pause(Math.max(0, until - clock.now()));
      world.primary.reset();
      const back = clock.now();
      while (world.primary.requests.length === 0) {
        expect(clock.now() - back).toBeLessThan(30_000);
        await ask(channel, world);
        await pause(500);
      }
      return "fallback, then back";
    },
  },
  {
    id: "S16",
    fault: "503, and what the failover is said to have cost",
    behaviour: "the fallback's model, usage and cost are told; the failed tries cost nothing",
    async run(world, channel) {
      world.primary.fault({ status: 503, times: Infinity });
      const result = await ask(channel, world);
      await settled(world);
      const [row] = world.rows;
      expect(row).toMatchObject({ outcome: "success", provider: "anthropic", usage: { input: { total: 20 }, output: { total: 80 } } });
      const paid = row!.attempts.filter(({ cost }) => cost !== undefined);
      expect(paid).toHaveLength(1);
      expect(paid[0]).toMatchObject({ provider: "anthropic", model: "claude-opus-4-6", outcome: "success" });
      expect(row!.cost!.nanoUsd).toBe(paid[0]!.cost!.nanoUsd);
      return whole(result, world, "backup");
    },
  },
];
