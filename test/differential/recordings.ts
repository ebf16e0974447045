import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the recorded wires are; they are not part of the repository. */
export const root = process.env["CROSSPOINT_RECORDED"] ?? "../shared/recorded";
export const present = existsSync(root);

const WIRES = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"] as const;
export type Wire = (typeof WIRES)[number];

/** One recorded answer: a whole body, or the payloads of one stream. */
export interface Recording {
  /** `wire/maker/file`, with ` #2` for the second answer of a file that holds several. */
  readonly name: string;
  readonly wire: Wire;
  readonly maker: string;
  readonly form: "whole" | "stream";
  /** The body, or one payload a frame. */
  readonly payloads: readonly string[];
  readonly status: number;
}

const LAST = /^\{"type":"(message_stop|response\.(completed|incomplete|failed))"/;

/** The answers of a file: one begins after the terminal event of the one before. */
function answersOf(lines: readonly string[]): string[][] {
  const answers: string[][] = [];
  let ended = true;
  for (const line of lines) {
    if (ended) answers.push([]);
    answers.at(-1)!.push(line);
    ended = LAST.test(line);
  }
  return answers;
}

/** Refusals were recorded without their status; the wire's own word for the error tells it. */
function statusOf(body: string): number {
  const { error } = JSON.parse(body) as { error?: { type?: string } | null };
  if (!error) return 200;
  return error.type === "insufficient_quota" ? 429 : 400;
}

function read(file: string): Recording[] {
  const [wire, maker] = file.split("/") as [Wire, string];
  const text = readFileSync(join(root, file), "utf8");
  if (file.endsWith(".json")) return [{ name: file, wire, maker, form: "whole", payloads: [text], status: statusOf(text) }];
  return answersOf(text.split("\n").filter((line) => line !== "")).map((payloads, index) => ({
    name: index === 0 ? file : `${file} #${index + 1}`,
    wire,
    maker,
    form: "stream",
    payloads,
    status: 200,
  }));
}

export const recordings: readonly Recording[] = present
  ? globSync(`{${WIRES.join(",")}}/*/*.{json,chunks.txt}`, { cwd: root })
      .toSorted()
      .flatMap(read)
  : [];

/** The answer as a provider would send it. */
export function responseOf({ wire, form, payloads, status }: Recording): Response {
  if (form === "whole") return new Response(payloads[0], { status, headers: { "content-type": "application/json" } });
  const frames = payloads.map(
    (data) => `${wire === "openai-responses" || wire === "anthropic-messages" ? eventOf(data) : ""}data: ${data}\n\n`,
  );
  if (wire === "openai-chat") frames.push("data: [DONE]\n\n");
  return new Response(frames.join(""), { headers: { "content-type": "text/event-stream" } });
}

function eventOf(data: string): string {
  const type = /^\{"type":"([\w.]+)"/.exec(data)?.[1];
  return type === undefined ? "" : `event: ${type}\n`;
}
