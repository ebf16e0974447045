import { expect } from "vitest";
import type { SentSpan, Value } from "./otlp.ts";

const isString = (value: Value): boolean => "stringValue" in value;
const isInt = (value: Value): boolean => "intValue" in value;
/** A whole number goes as an integer, which every reader takes for a double. */
const isDouble = (value: Value): boolean => "doubleValue" in value || "intValue" in value;
const isTrue = (value: Value): boolean => "boolValue" in value && value.boolValue;
const isStrings = (value: Value): boolean => "arrayValue" in value && (value.arrayValue.values ?? []).every(isString);
const isWord =
  (...words: string[]) =>
  (value: Value): boolean =>
    "stringValue" in value && words.includes(value.stringValue);

/** What is known of a span when its attributes are looked at. */
interface Seen {
  readonly failed: boolean;
  readonly streams: boolean;
  readonly chat: boolean;
}

type Level = "required" | "conditionally required" | "recommended" | "opt-in";

interface Rule {
  readonly holds: (value: Value) => boolean;
  readonly level: Level;
  /** When it must be there: always for what is required; else where the conventions' condition is seen, or we always know it. */
  readonly must?: (seen: Seen) => boolean;
  /** When it must not be there. */
  readonly never?: (seen: Seen) => boolean;
}

const answered = ({ failed }: Seen): boolean => !failed;
const recommended = (holds: Rule["holds"], must?: Rule["must"]): Rule => ({ holds, level: "recommended", ...(must && { must }) });
const conditional = (holds: Rule["holds"], must?: Rule["must"], never?: Rule["never"]): Rule => ({ holds, level: "conditionally required", ...(must && { must }), ...(never && { never }) }); // oxfmt-ignore
const optIn = (holds: Rule["holds"]): Rule => ({ holds, level: "opt-in" });

/** The attributes of the inference and embeddings spans of the GenAI semantic conventions, with their types and levels. */
export const INFERENCE: Readonly<Record<string, Rule>> = {
  "gen_ai.operation.name": { holds: isWord("chat", "embeddings"), level: "required", must: () => true },
  "gen_ai.provider.name": { holds: isString, level: "required", must: () => true },
  "error.type": conditional(isString, ({ failed }) => failed, answered), // oxfmt-ignore
  "gen_ai.conversation.id": conditional(isString),
  "gen_ai.output.type": conditional(isWord("text", "json", "image", "speech")),
  "gen_ai.request.choice.count": conditional((value) => "intValue" in value && Number(value.intValue) !== 1),
  "gen_ai.request.model": conditional(isString, () => true),
  "gen_ai.request.seed": conditional(isInt),
  "gen_ai.request.stream": conditional(isTrue, ({ streams }) => streams, ({ streams }) => !streams), // oxfmt-ignore
  "gen_ai.request.top_k": conditional(isInt),
  "server.port": conditional(isInt, () => true),
  "server.address": recommended(isString, () => true),
  "gen_ai.request.max_tokens": recommended(isInt),
  "gen_ai.request.temperature": recommended(isDouble),
  "gen_ai.request.top_p": recommended(isDouble),
  "gen_ai.request.frequency_penalty": recommended(isDouble),
  "gen_ai.request.presence_penalty": recommended(isDouble),
  "gen_ai.request.stop_sequences": recommended(isStrings),
  "gen_ai.request.reasoning.level": recommended(isString),
  "gen_ai.response.id": recommended(isString, (seen) => seen.chat && answered(seen)),
  "gen_ai.response.model": recommended(isString, answered),
  "gen_ai.response.finish_reasons": recommended(isStrings, (seen) => seen.chat && answered(seen)),
  "gen_ai.response.time_to_first_chunk": recommended(isDouble, (seen) => seen.streams && answered(seen)),
  "gen_ai.usage.input_tokens": recommended(isInt, answered),
  "gen_ai.usage.output_tokens": recommended(isInt, (seen) => seen.chat && answered(seen)),
  "gen_ai.usage.cache_read.input_tokens": recommended(isInt),
  "gen_ai.usage.cache_creation.input_tokens": recommended(isInt),
  "gen_ai.usage.reasoning.output_tokens": recommended(isInt),
  "gen_ai.system_instructions": optIn(isString),
  "gen_ai.input.messages": optIn(isString),
  "gen_ai.output.messages": optIn(isString),
  "gen_ai.tool.definitions": optIn(isString),
};
/** What tools read although no convention has it. */
const DE_FACTO = new Set(["gen_ai.usage.cost"]);

/** Holds a span of an attempt to the table, and to what the conventions say of names, kinds and status. */
export function expectConventional({ name, kind, status, attributes }: SentSpan, streams: boolean, content = false): void {
  const found = new Map(attributes.map(({ key, value }) => [key, value]));
  const text = (key: string): string | undefined => (found.get(key) as { stringValue?: string } | undefined)?.stringValue;
  expect(found.size).toBe(attributes.length);
  expect(name).toBe(`${text("gen_ai.operation.name")} ${text("gen_ai.request.model")}`);
  expect(kind).toBe(3); // CLIENT in OTLP
  expect(status.code ?? 0).not.toBe(1); // OK is for the program to set
  const failed = status.code === 2;
  const seen: Seen = { failed, streams, chat: text("gen_ai.operation.name") === "chat" };
  const left = text("crosspoint.cancelled") !== undefined || found.has("crosspoint.cancelled");
  for (const [key, { holds, level, must, never }] of Object.entries(INFERENCE)) {
    const value = found.get(key);
    if (value !== undefined) {
      expect(holds(value), `${key}: ${JSON.stringify(value)}`).toBe(true);
      expect(never?.(seen) ?? false, `${key} has no place here`).toBe(false);
      expect(level === "opt-in" && !content, `${key} was not asked for`).toBe(false);
    } else expect((must?.(seen) ?? false) && !(left && level === "recommended"), `${key} is missing`).toBe(false);
  }
  for (const key of found.keys()) if (key.startsWith("gen_ai.") && !DE_FACTO.has(key)) expect(Object.keys(INFERENCE)).toContain(key);
}
