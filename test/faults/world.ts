import { createCrosspoint, type Clock, type Crosspoint, type CrosspointOptions, type SpendRow } from "crosspoint";
import { serve, type Gateway } from "crosspoint/gateway";
import { createSimulator, type SimulatedRequest, type Simulator } from "crosspoint/testing";

/** All times of the scenarios are as their descriptions say; they pass this many times faster. */
export const SPEED = 10;

/** The answer that every scenario waits for. */
export const ANSWER = Array.from({ length: 60 }, (_, index) => `word${index + 1}`).join(" ");

const start = Date.now();
/** A clock that runs fast. */
export const clock: Clock = {
  now: () => start + (Date.now() - start) * SPEED,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.ceil(ms / SPEED));
    return () => clearTimeout(timer);
  },
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));

/** A provider that fails, one that stands in for it, a layer over both, and a gateway in front: all over real sockets. */
export interface World {
  readonly primary: Simulator;
  readonly backup: Simulator;
  readonly crosspoint: Crosspoint;
  readonly gateway: Gateway;
  readonly rows: readonly SpendRow[];
  close(): Promise<void>;
}

/** How much of the answer the assistant's last words in a request have said; the caller's own beginning is no part of it. */
function saidIn({ body }: SimulatedRequest): number {
  const { messages = [] } = body as { messages?: { role: string; content: unknown }[] };
  const last = messages.findLast(({ role }) => role === "assistant")?.content ?? "";
  const said = (typeof last === "string" ? last : (last as { text?: string }[]).map(({ text = "" }) => text).join("")).replace(
    /^Well,/,
    "",
  );
  return ANSWER.startsWith(said) ? said.length : 0;
}

/** A model that goes on where an answer of its own stops; asked to by the user, it repeats the last words. */
function answerTo(request: SimulatedRequest): string {
  const said = saidIn(request);
  const { messages = [] } = request.body as { messages?: { role: string }[] };
  const isPrefill = messages.at(-1)?.role === "assistant";
  return said === 0 || isPrefill ? ANSWER.slice(said) : ANSWER.slice(ANSWER.lastIndexOf(" ", said - 12) + 1);
}

function createProvider(): Simulator {
  return createSimulator({
    respond: (request) => ({ text: answerTo(request), usage: { input: 20, output: 80 } }),
    clock: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const stop = clock.after(ms, resolve);
        signal.addEventListener("abort", () => {
          stop();
          resolve();
        });
      }),
  });
}

/** At most two retries, 30 s for an attempt, one fallback. */
export async function createWorld(options: CrosspointOptions = {}): Promise<World> {
  const [primary, backup] = [createProvider(), createProvider()];
  const servers = [await primary.listen(), await backup.listen()] as const;
  const rows: SpendRow[] = [];
  const crosspoint = createCrosspoint({
    env: {},
    providers: {
      "openai-chat": primary.providers(servers[0].url)["openai-chat"],
      anthropic: backup.providers(servers[1].url).anthropic,
    },
    models: { main: { deployments: ["openai-chat/gpt-4.1"], fallbacks: ["backup"] }, backup: "anthropic/claude-opus-4-6" },
    retries: 2,
    timeout: 30_000,
    firstEventTimeout: 10_000,
    idleTimeout: 10_000,
    clock,
    onSpend: (row) => void rows.push(row),
    ...options,
  });
  const gateway = await serve({ crosspoint, port: 0 });
  return {
    primary,
    backup,
    crosspoint,
    gateway,
    rows,
    async close() {
      await crosspoint.close();
      await gateway.close(0);
      for (const server of servers) await server.close();
    },
  };
}
