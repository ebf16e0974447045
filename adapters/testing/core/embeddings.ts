import { createHash } from "node:crypto";
import { list, number, object, objects, text, type Json, type JsonObject } from "./json.ts";
import { geminiProblem } from "../gemini/errors.ts";
import { openaiProblem } from "../openai/errors.ts";
import type { Wire } from "../types.ts";
import { array, either, fields, findProblem, freeObject, integer, oneOf, string } from "./shape.ts";
import type { Failure } from "./turn.ts";
import { countTokens } from "./usage.ts";

const MAX_DIMENSIONS = 4096;
const DEFAULT_DIMENSIONS: readonly (readonly [RegExp, number])[] = [
  [/large|gemini-embedding/, 3072],
  [/text-embedding-004/, 768],
];

/** A unit vector made of the text's words: the same text gives the same vector, shared words bring texts nearer. */
export function embedText(source: string, dimensions: number): readonly number[] {
  const vector = new Float64Array(dimensions);
  const words = source.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [source];
  for (const word of words) {
    const digest = createHash("sha256").update(word).digest();
    for (let at = 0; at < 32; at += 4) {
      const slot = digest.readUInt32BE(at);
      const index = slot % dimensions;
      vector[index] = (vector[index] ?? 0) + (slot & 0x8000_0000 ? -1 : 1);
    }
  }
  const length = Math.hypot(...vector) || 1;
  return Array.from(vector, (value) => Math.fround(value / length));
}

function dimensionsOf(model: string, wanted: Json | undefined): number {
  const given = number(wanted);
  if (given !== undefined) return Math.min(Math.max(1, Math.floor(given)), MAX_DIMENSIONS);
  return DEFAULT_DIMENSIONS.find(([pattern]) => pattern.test(model))?.[1] ?? 1536;
}

const OPENAI_EMBEDDINGS = fields({
  "input!": either(string, array(either(string, integer(0), array(integer(0))), 2048, 1)),
  "model!": string,
  dimensions: integer(1),
  encoding_format: oneOf("float", "base64"),
  user: string,
});
const GEMINI_EMBEDDING = fields({
  "content!": fields({ "parts!": array(freeObject, undefined, 1), role: string }),
  model: string,
  taskType: string,
  title: string,
  outputDimensionality: integer(1),
});
const GEMINI_BATCH = fields({ "requests!": array(GEMINI_EMBEDDING, 100, 1) });

/** Why a request for embeddings is refused, if it is. */
export function checkEmbedding(wire: Wire, batch: boolean, body: JsonObject): Failure | undefined {
  const google = wire === "gemini";
  const problem = findProblem(body, google ? (batch ? GEMINI_BATCH : GEMINI_EMBEDDING) : OPENAI_EMBEDDINGS);
  if (problem === undefined)
    return !google && body["input"] === ""
      ? openaiProblem({ path: ["input"], problem: "too-short", expected: "string", got: "", limit: 1 })
      : undefined;
  return google ? geminiProblem(problem) : openaiProblem(problem);
}

/** OpenAI's `/embeddings`. */
export function answerEmbeddings(body: JsonObject): JsonObject {
  const model = text(body["model"]);
  const dimensions = dimensionsOf(model, body["dimensions"]);
  const input = body["input"];
  const tokens = Array.isArray(input) && input.every((item) => typeof item === "number");
  const items = (Array.isArray(input) && !tokens ? (input as readonly Json[]) : [input ?? ""]).map((item) =>
    typeof item === "string" ? item : JSON.stringify(item),
  );
  const data = items.map((item, index) => {
    const vector = embedText(item, dimensions);
    const embedding = body["encoding_format"] === "base64" ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector;
    return { object: "embedding", index, embedding };
  });
  const total = items.reduce((sum, item) => sum + countTokens(item), 0);
  return { object: "list", data, model, usage: { prompt_tokens: total, total_tokens: total } };
}

function geminiVector(model: string, request: JsonObject): JsonObject {
  const source = objects(object(request["content"])["parts"])
    .map((part) => text(part["text"]))
    .join("\n");
  return { values: embedText(source, dimensionsOf(model, request["outputDimensionality"] ?? request["output_dimensionality"])) };
}

/** Gemini's `:embedContent`. */
export function answerEmbedContent(model: string, body: JsonObject): JsonObject {
  return { embedding: geminiVector(model, body) };
}

/** Gemini's `:batchEmbedContents`. */
export function answerBatchEmbed(model: string, body: JsonObject): JsonObject {
  return { embeddings: list(body["requests"]).map((request) => geminiVector(model, object(request))) };
}
