import { createCrosspoint, type Crosspoint, type HedgeOption, type Message, type StrategyOption } from "crosspoint";
import type { Client, Surroundings } from "./clients.ts";
import { RETRIES, TIMEOUT_MS } from "./clients.ts";
import { PLACES, type Call } from "./world.ts";

/** The layer itself with one group of the five places, under the world's clock, chance and `fetch`. */
export async function layer(
  strategy: StrategyOption | undefined,
  around: Surroundings,
  calls: readonly Call[],
  hedge?: HedgeOption,
): Promise<Client> {
  const crosspoint = createCrosspoint({
    clock: around.clock,
    random: around.random,
    fetch: createFetch(around, calls),
    env: {},
    telemetry: false,
    retries: RETRIES,
    firstEventTimeout: TIMEOUT_MS,
    ...(hedge !== undefined && { hedge }),
    providers: Object.fromEntries(
      PLACES.map(({ id }) => [id, { codec: "openai-chat", baseURL: `https://${id}.invalid/v1`, apiKey: "sk-simulated-000000" }]),
    ),
    models: {
      model: {
        deployments: PLACES.map(({ id, rpm, tpm, price }) => ({ id, model: `${id}/model`, rpm, tpm, price })),
        ...(strategy !== undefined && { strategy }),
      },
    },
  });
  // What is loaded when it is first needed would take the clock's time.
  await warmUp();
  await crosspoint.explain({ model: "model", messages: [{ role: "user", content: "" }] });
  return (call, onFirst) => read(crosspoint, call, onFirst);
}

async function read(crosspoint: Crosspoint, call: Call, onFirst: () => void): Promise<void> {
  const stream = crosspoint.stream({ model: "model", messages: messagesOf(call), headers: { "x-call": `${call.index}` } });
  let first = true;
  for await (const batch of stream.batches) {
    if (!first || !batch.some(({ type }) => type === "text-delta")) continue;
    first = false;
    onFirst();
  }
}

/** A system prompt that is long enough to be cached. The texts are shorter than their tokens: the places count by the call, not by the text. */
const FILLER = "Look things up before you answer, quote the record that you rely on, and ask when something is missing. ".repeat(40);

/** The conversation so far: what its application always says, then its questions and answers. */
function messagesOf({ application, conversation, questions, answers }: Call): readonly Message[] {
  const messages: Message[] = [{ role: "system", content: `Application ${application}. ${FILLER}` }];
  for (const [turn] of questions.entries()) {
    messages.push({ role: "user", content: `Case ${conversation}, question ${turn}: where is it?` });
    if (answers[turn] !== undefined) messages.push({ role: "assistant", content: `It is on its way, as said in answer ${turn}.` });
  }
  return messages;
}

const encoder = new TextEncoder();
const chunk = (fields: object): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "model", ...fields })}\n\n`;
const delta = (content: object, finish: string | null = null): string =>
  chunk({ choices: [{ index: 0, delta: content, finish_reason: finish }] });
const FIRST = encoder.encode(delta({ role: "assistant", content: "A" }));
const lastOf = ({ input, cached, output }: { input: number; cached: number; output: number }): Uint8Array<ArrayBuffer> =>
  encoder.encode(
    `${delta({ content: " word" }, "stop")}${chunk({
      choices: [],
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: cached },
      },
    })}data: [DONE]\n\n`,
  );

/** The places over OpenAI's wire: a stream whose first chunk comes with its head, and the rest at its end. */
function createFetch({ providers }: Surroundings, calls: readonly Call[]): typeof globalThis.fetch {
  const places = new Map(PLACES.map(({ id }, index) => [id, index]));
  return async (input, init) => {
    const url = input as string;
    const place = places.get(url.slice("https://".length, url.indexOf(".")))!;
    const call = calls[Number((init!.headers as Record<string, string>)["x-call"])]!;
    const { status, retryAfterSeconds, usage, rest } = await providers.ask(place, call, init!.signal!);
    if (status !== 200) {
      const headers = {
        "content-type": "application/json",
        ...(retryAfterSeconds !== undefined && { "retry-after": `${retryAfterSeconds}` }),
      };
      const error =
        status === 429
          ? { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" }
          : { message: "The server is overloaded", type: "server_error", code: null };
      return new Response(JSON.stringify({ error }), { status, headers });
    }
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        controller.enqueue(FIRST);
        rest.then(
          () => {
            controller.enqueue(lastOf(usage));
            controller.close();
          },
          (error: unknown) => controller.error(error),
        );
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

let warm: Promise<void> | undefined;

/** Loads the codec by one answer from nowhere. */
function warmUp(): Promise<void> {
  return (warm ??= (async () => {
    const fetch: typeof globalThis.fetch = () =>
      Promise.resolve(
        new Response(new Blob([FIRST, lastOf({ input: 1, cached: 0, output: 1 })]), { headers: { "content-type": "text/event-stream" } }),
      );
    const provider = { codec: "openai-chat", baseURL: "https://warm.invalid/v1", apiKey: "sk-simulated-000000" } as const;
    const crosspoint = createCrosspoint({ fetch, env: {}, telemetry: false, providers: { warm: provider } });
    await crosspoint.stream({ model: "warm/model", messages: [{ role: "user", content: "Hi" }] }).response;
  })());
}
