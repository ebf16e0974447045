import { luck, normal, waiting } from "./chance.ts";

/** One of the places that answer, as it is on a good day. */
export interface Place {
  readonly id: string;
  /** Milliseconds until the first token of a short prompt, and for each further token. */
  readonly firstMs: number;
  readonly msPerToken: number;
  /** Calls under way at which it is half as fast. */
  readonly capacity: number;
  readonly rpm: number;
  readonly tpm: number;
  /** US dollars per million tokens. */
  readonly price: { readonly input: number; readonly output: number; readonly cacheRead: number };
}

const place = (id: string, firstMs: number, msPerToken: number, capacity: number, rpm: number, input: number): Place => ({
  id,
  firstMs,
  msPerToken,
  capacity,
  rpm,
  tpm: rpm * 4_000,
  price: { input, output: input * 4, cacheRead: input / 4 },
});

/** Five places for one model: the fast ones are neither the cheapest nor the largest. */
export const PLACES: readonly Place[] = [
  place("ash", 350, 9, 80, 300, 0.6),
  place("birch", 450, 11, 80, 420, 0.5),
  place("cedar", 550, 13, 100, 420, 0.4),
  place("elm", 650, 16, 100, 360, 0.45),
  place("fir", 850, 20, 120, 300, 0.35),
];

/** What the world is like; milliseconds. */
export const WORLD = {
  /** Calls a second; it swings by `swing` over `swingMs`. */
  callsPerSecond: 16,
  swing: 0.3,
  swingMs: 1_200_000,
  /** Turns of a conversation (geometric), and the time between two of them: at least, and by chance on top. */
  turns: 6,
  pauseMs: 5_000,
  thinkMs: 25_000,
  /** Applications with a system prompt of their own, some asked more often than others (Zipf); tokens of their prompts. */
  applications: 40,
  systemTokens: [1_200, 3_200],
  /** Tokens of a question, and of an answer (median and the logarithm's deviation). */
  questionTokens: [30, 300],
  answerTokens: 90,
  answerSpread: 0.5,
  /** The logarithm of a place's slowness wanders: deviation, and the time that it remembers. */
  driftSpread: 0.4,
  driftMs: 300_000,
  /** Slow spells: time between them, how long, how many times slower. */
  spellEveryMs: 600_000,
  spellMs: [20_000, 90_000],
  spellFactor: [3, 8],
  /** Error bursts: time between them and how long; within one, the share of calls that fail. */
  burstEveryMs: 600_000,
  burstMs: [15_000, 60_000],
  burstShare: 0.9,
  /** Calls that fail at any time. */
  failureShare: 0.002,
  /** Times when others use up much of the quota: time between them, how long, what is left. */
  squeezeEveryMs: 600_000,
  squeezeMs: [30_000, 90_000],
  squeezeLeft: 0.35,
  /** Quotas refill steadily, up to so much of a minute's. */
  quotaBurst: 1 / 6,
  /** One call beside another in time and size: the logarithm's deviation. */
  noise: 0.3,
  /** Reading a token that is not in the cache. */
  readMs: 0.08,
  /** Prompt caches: how long a prefix is kept after its last use, the least, and the steps. */
  cacheMs: 300_000,
  cacheLeast: 1_024,
  cacheStep: 128,
} as const;

/** `errors`: 503 within half a second. `hang`: no answer. `reset`: the connection breaks, one in five in the middle of the answer. */
export type BurstKind = "errors" | "hang" | "reset";

export interface Call {
  readonly index: number;
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly conversation: number;
  readonly turn: number;
  readonly application: number;
  readonly systemTokens: number;
  /** Of each turn so far, this one's question last. */
  readonly questions: readonly number[];
  readonly answers: readonly number[];
  /** Tokens that it sends, and that its answer has. */
  readonly input: number;
  readonly output: number;
}

export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** How a place fares over time, whoever asks it. */
export interface Weather {
  /** How many times slower it is than on a good day. */
  slowness(at: number): number;
  burst(at: number): BurstKind | undefined;
  /** The share of its quota that is left to us. */
  quota(at: number): number;
  readonly bursts: readonly Interval[];
}

export interface World {
  readonly seed: number;
  readonly calls: readonly Call[];
  readonly weather: readonly Weather[];
  /** Milliseconds from the first call to the last. */
  readonly length: number;
}

const KINDS: readonly BurstKind[] = ["errors", "hang", "reset"];

/** All that does not depend on who is asked: the calls, and how the places fare. The same seed gives the same world. */
export function createWorld(seed: number, count: number): World {
  const calls = createCalls(seed, count);
  const length = calls.at(-1)!.at;
  return { seed, calls, length, weather: PLACES.map((_, index) => createWeather(seed * 1_000 + index, length)) };
}

function between([low, high]: readonly [number, number], chance: number): number {
  return low + (high - low) * chance;
}

const BEFORE_MS = 300_000;

function createCalls(seed: number, count: number): readonly Call[] {
  const { turns, applications, callsPerSecond, swing, swingMs } = WORLD;
  const weights = Array.from({ length: applications }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight);
  const calls: Omit<Call, "index">[] = [];
  // Some conversations began before the first call, so that there are some at every turn from the beginning.
  let start = -BEFORE_MS;
  for (let conversation = 0; calls.length < count + 10_000; conversation++) {
    const key = (what: number, turn = 0): readonly number[] => [seed, 7, conversation, what, turn];
    const rate = (callsPerSecond / turns / 1_000) * (1 + swing * Math.sin((2 * Math.PI * start) / swingMs));
    start += waiting(1 / rate, ...key(1));
    let point = luck(...key(2)) * total;
    let application = 0;
    while (application < applications - 1 && (point -= weights[application]!) > 0) application++;
    const systemTokens = Math.round(between(WORLD.systemTokens, luck(seed, 8, application)));
    const questions: number[] = [];
    const answers: number[] = [];
    let at = start;
    let input = systemTokens;
    for (let turn = 0; ; turn++) {
      const question = Math.round(between(WORLD.questionTokens, luck(...key(3, turn))));
      const output = Math.max(2, Math.round(WORLD.answerTokens * Math.exp(WORLD.answerSpread * normal(...key(4, turn)))));
      questions.push(question);
      input += question;
      const past = { questions: questions.slice(), answers: answers.slice() };
      calls.push({ at, conversation, turn, application, systemTokens, ...past, input, output });
      if (luck(...key(5, turn)) < 1 / turns) break;
      answers.push(output);
      input += output;
      at += WORLD.pauseMs + waiting(WORLD.thinkMs, ...key(6, turn));
    }
  }
  // What comes later than the last beginning is thinned out: not all of its conversations are there.
  const sorted = calls.filter(({ at }) => at >= 0 && at <= start).sort((a, b) => a.at - b.at);
  return sorted.slice(0, count).map((call, index) => ({ ...call, index }));
}

function intervals(seed: number, what: number, length: number, every: number, ms: readonly [number, number]): readonly Interval[] {
  const list: Interval[] = [];
  let from = 0;
  for (let number = 0; ; number++) {
    from += waiting(every, seed, what, number, 1);
    if (from > length) return list;
    const to = from + between(ms, luck(seed, what, number, 2));
    list.push({ from, to, value: luck(seed, what, number, 3) });
    from = to;
  }
}

const STEP_MS = 1_000;

function createWeather(seed: number, length: number): Weather {
  const { driftSpread, driftMs, spellFactor, squeezeLeft } = WORLD;
  const keep = Math.exp(-STEP_MS / driftMs);
  const slowness: number[] = [];
  let drift = driftSpread * normal(seed, 10);
  // The last calls go on for a while.
  for (let step = 0; step * STEP_MS < length + 600_000; step++) {
    slowness.push(Math.exp(drift));
    drift = drift * keep + driftSpread * Math.sqrt(1 - keep * keep) * normal(seed, 11, step);
  }
  const spells = intervals(seed, 12, length, WORLD.spellEveryMs, WORLD.spellMs);
  const bursts = intervals(seed, 13, length, WORLD.burstEveryMs, WORLD.burstMs);
  const squeezes = intervals(seed, 14, length, WORLD.squeezeEveryMs, WORLD.squeezeMs);
  const during = (list: readonly Interval[], at: number): Interval | undefined => list.find(({ from, to }) => from <= at && at < to);
  return {
    bursts,
    slowness(at) {
      const spell = during(spells, at);
      return slowness[Math.floor(at / STEP_MS)]! * (spell === undefined ? 1 : between(spellFactor, spell.value));
    },
    burst(at) {
      const burst = during(bursts, at);
      return burst === undefined ? undefined : KINDS[Math.floor(burst.value * KINDS.length)];
    },
    quota: (at) => (during(squeezes, at) === undefined ? 1 : squeezeLeft),
  };
}
