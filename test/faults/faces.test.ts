import { streamText } from "ai";
import { ChatCrosspoint } from "crosspoint/langchain";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { expect, test } from "vitest";
import { ANSWER } from "./provider.ts";
import { createWorld, type World } from "./world.ts";

const MODES = ["error", "restart", "continue", "buffer"] as const;
type Mode = (typeof MODES)[number];

async function inWorld(recovery: Mode, run: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld({ recovery, retries: 0 });
  try {
    world.primary.fault({ cutAfterChunks: 40 });
    await run(world);
  } finally {
    await world.close();
  }
}

/** A face cannot take back what it showed: under `restart` it tells the error, and no second answer is paid for. */
function check(mode: Mode, { text, error }: { text: string; error: unknown }, { backup }: World): void {
  if (mode === "buffer" || mode === "continue") {
    expect(error).toBeUndefined();
    expect(text).toBe(ANSWER);
    expect(backup.requests).toHaveLength(1);
    return;
  }
  expect(error).toBeInstanceOf(Error);
  expect(ANSWER.startsWith(text)).toBe(true);
  expect(text.length).toBeLessThan(ANSWER.length);
  expect(backup.requests).toHaveLength(0);
}

test.each(MODES)("S08 LangChain, recovery %s", (mode) =>
  inWorld(mode, async (world) => {
    const model = new ChatCrosspoint({ crosspoint: world.crosspoint, model: "main", maxRetries: 0 });
    let text = "";
    let error: unknown;
    try {
      for await (const chunk of await model.stream("Say sixty words.")) text += chunk.text;
    } catch (thrown) {
      error = thrown;
    }
    check(mode, { text, error }, world);
  }),
);

test.each(MODES)("S08 AI SDK, recovery %s", (mode) =>
  inWorld(mode, async (world) => {
    const provider = createCrosspointProvider(world.crosspoint);
    let text = "";
    let error: unknown;
    const { fullStream } = streamText({ model: provider("main"), prompt: "Say sixty words.", maxRetries: 0, onError: () => {} });
    for await (const part of fullStream) {
      if (part.type === "text-delta") text += part.text;
      if (part.type === "error") error = part.error;
    }
    check(mode, { text, error }, world);
  }),
);
