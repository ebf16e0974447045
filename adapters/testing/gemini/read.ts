import { list, number, object, objects, text, type Json, type JsonObject } from "../core/json.ts";
import { describeBase64, MEDIA_TOKENS } from "../core/media.ts";
import type { Segment, ToolOffer, Turn, WireContext } from "../core/turn.ts";

/** The first of two spellings: the API takes camelCase and snake_case. */
export function field(value: JsonObject, name: string): Json | undefined {
  return value[name] ?? value[snake(name)];
}

export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function contentsOf(body: JsonObject): readonly JsonObject[] {
  return objects(body["contents"]);
}

export function partsOf(content: JsonObject | undefined): readonly JsonObject[] {
  return objects(content?.["parts"]);
}

/** The parts' function calls or function responses. */
export function partsWith(content: JsonObject | undefined, name: "functionCall" | "functionResponse"): readonly JsonObject[] {
  return partsOf(content)
    .map((part) => field(part, name))
    .filter((item) => item !== undefined)
    .map(object);
}

export function declarationsOf(body: JsonObject): readonly JsonObject[] {
  return objects(body["tools"]).flatMap((tool) => objects(field(tool, "functionDeclarations")));
}

/** What a generateContent request asks for. */
export function readGemini(body: JsonObject, context: WireContext): Turn {
  const contents = contentsOf(body);
  const config = object(field(body, "generationConfig"));
  const lastModel = contents.findLastIndex((content) => content["role"] === "model");
  const asked = contents.findLastIndex((content) => content["role"] !== "model" && textOf(content) !== "");
  const latest = contents.slice(lastModel + 1);
  const thinking = object(field(config, "thinkingConfig"));
  const logprobs = field(config, "responseLogprobs") === true;
  return {
    wire: "gemini",
    model: context.model,
    stream: context.stream,
    text: textOf(contents[asked]),
    media: latest.flatMap(partsOf).flatMap(describeMedia),
    tools: declarationsOf(body).map((tool): ToolOffer => {
      const schema = field(tool, "parametersJsonSchema") ?? tool["parameters"];
      return { name: text(tool["name"]), ...(schema === undefined ? {} : { schema }) };
    }),
    choice: readChoice(object(field(object(field(body, "toolConfig")), "functionCallingConfig"))),
    parallel: true,
    toolResults: latest
      .flatMap((content) => partsWith(content, "functionResponse"))
      .map((response) => ({ name: text(response["name"]), text: resultText(response["response"]) })),
    called: contents
      .slice(asked + 1)
      .flatMap((content) => partsWith(content, "functionCall"))
      .map((call) => text(call["name"])),
    ...(text(field(config, "responseMimeType")) === "application/json"
      ? { output: field(config, "responseJsonSchema") ?? field(config, "responseSchema") ?? true }
      : {}),
    reasoning: field(thinking, "includeThoughts") === true && field(thinking, "thinkingBudget") !== 0,
    ...maximum(field(config, "maxOutputTokens")),
    stop: list(field(config, "stopSequences")).map(text),
    count: number(field(config, "candidateCount")) ?? 1,
    ...(logprobs ? { logprobs: number(config["logprobs"]) ?? 0 } : {}),
    prompt: readPrompt(body),
    cache: "automatic",
  };
}

function maximum(value: Json | undefined): Pick<Turn, "maxTokens"> {
  return typeof value === "number" ? { maxTokens: value } : {};
}

/** Keys under which clients put what a tool said; the wire names none. */
const RESULT_KEYS = ["output", "result", "content", "error"];

function resultText(response: Json | undefined): string {
  const value = object(response);
  const said = RESULT_KEYS.map((key) => value[key]).find((item) => item !== undefined);
  return typeof said === "string" ? said : JSON.stringify(said ?? value);
}

function readChoice(config: JsonObject): Turn["choice"] {
  const names = list(field(config, "allowedFunctionNames")).map(text);
  const mode = text(config["mode"]).toUpperCase();
  return { mode: mode === "NONE" ? "none" : mode === "ANY" ? "required" : "auto", ...(names.length > 0 ? { names } : {}) };
}

function textOf(content: JsonObject | undefined): string {
  return partsOf(content)
    .filter((part) => part["thought"] !== true)
    .map((part) => text(part["text"]))
    .filter((item) => item !== "")
    .join("\n");
}

function describeMedia(part: JsonObject): readonly string[] {
  const inline = object(field(part, "inlineData"));
  const file = object(field(part, "fileData"));
  const inside = objects(object(field(part, "functionResponse"))["parts"]).flatMap(describeMedia);
  if (inline["data"] !== undefined) return [describeBase64(text(field(inline, "mimeType")), text(inline["data"]))];
  return field(file, "fileUri") === undefined ? inside : [`${text(field(file, "mimeType")) || "file"} ${text(field(file, "fileUri"))}`];
}

function readPrompt(body: JsonObject): readonly Segment[] {
  const tools = body["tools"] === undefined ? [] : [{ text: JSON.stringify(body["tools"]) }];
  const system = partsOf(object(field(body, "systemInstruction"))).map((part) => ({ text: text(part["text"]) }));
  const turns = contentsOf(body).flatMap((content) =>
    partsOf(content).map((part): Segment => {
      const media = describeMedia(part);
      const source = part["text"] === undefined ? JSON.stringify(part) : text(part["text"]);
      return { text: `${text(content["role"])}: ${source}`, ...(media.length > 0 ? { tokens: MEDIA_TOKENS } : {}) };
    }),
  );
  return [...tools, ...system, ...turns];
}
