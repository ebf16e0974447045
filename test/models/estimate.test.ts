import fc from "../support/fast-check.ts";
import { describe, expect, it } from "vitest";
import type { Message, Part } from "../../src/ir/content.ts";
import { estimateTokens } from "../../src/models/index.ts";

function estimate(...messages: readonly Message[]): number {
  return estimateTokens({ model: "m", messages });
}

/** Texts with their true counts under `o200k_base`. */
const SAMPLES: readonly (readonly [kind: string, tokens: number, text: string])[] = [
  [
    "English",
    50,
    "A crosspoint switch connects any input to any output. The layer connects any agent framework to any model provider: one unified model inside, many faces outside. Whoever reads the code should be able to follow one request from left to right without turning back.",
  ],
  [
    "German",
    36,
    "Das Modell versteht natürliche Sprache und beantwortet Fragen. Wenn nötig, ruft es Werkzeuge auf, um neueste Angaben zu holen. Der Preis wird je Million Token berechnet.",
  ],
  [
    "source code",
    68,
    `export function sum<T>(list: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of list) total += of(item);
  return total;
}
if (cache.size >= LIMIT && !cache.has(key)) cache.delete(cache.keys().next().value);`,
  ],
  [
    "JSON",
    53,
    `{"id":"call_8f3a","type":"function","function":{"name":"get_weather","arguments":"{\\"city\\":\\"Berlin\\",\\"unit\\":\\"celsius\\"}"},"usage":{"input_tokens":1532,"output_tokens":88,"cached":true}}`,
  ],
  [
    "Chinese",
    53,
    "人工智能模型可以理解和生成自然语言。用户向模型提出问题，模型根据上下文给出回答，并在需要时调用外部工具来获取最新的信息。价格按照每百万个词元计算，缓存命中时费用更低。",
  ],
  [
    "Japanese",
    54,
    "このモデルは自然言語を理解し、質問に答えることができます。必要に応じて外部ツールを呼び出し、最新の情報を取得します。料金は百万トークンごとに計算されます。",
  ],
  [
    "Korean",
    41,
    "이 모델은 자연어를 이해하고 질문에 답할 수 있습니다. 필요한 경우 외부 도구를 호출하여 최신 정보를 가져옵니다. 요금은 백만 토큰당 계산됩니다.",
  ],
  [
    "Russian",
    35,
    "Модель понимает естественный язык и отвечает на вопросы. При необходимости она вызывает внешние инструменты, чтобы получить свежие сведения. Цена считается за миллион токенов.",
  ],
];

describe("text", () => {
  it.each(SAMPLES)("%s is within a quarter of %d tokens", (_, tokens, text) => {
    const long = estimate({ role: "user", content: text.repeat(20) });
    expect(long / (tokens * 20)).toBeGreaterThan(0.75);
    expect(long / (tokens * 20)).toBeLessThan(1.25);
  });

  it("grows with what is added and never fails", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (one, two) => {
        const alone = estimate({ role: "user", content: one });
        expect(Number.isInteger(alone)).toBe(true);
        expect(estimate({ role: "user", content: one }, { role: "user", content: two })).toBeGreaterThan(alone);
      }),
    );
  });
});

describe("parts", () => {
  const image: Part = { type: "file", mediaType: "image/png", data: { type: "base64", base64: "A".repeat(1_000_000) } };
  const base = estimate({ role: "user", content: [] });

  it("an image counts the same at any size", () => {
    expect(estimate({ role: "user", content: [image, image] }) - base).toBe(2000);
  });

  it("every kind counts", () => {
    const text = "some words that take about ten tokens or so";
    const parts: readonly Part[] = [
      { type: "text", text },
      { type: "refusal", text },
      { type: "reasoning", text },
      { type: "reasoning", text: "", opaque: [{ family: "f", kind: "signature", data: "x".repeat(200) }] },
      { type: "tool-call", id: "1", name: "look", arguments: JSON.stringify({ text }) },
      { type: "tool-result", callId: "1", output: text },
      { type: "tool-result", callId: "1", output: { type: "text", text } },
      { type: "tool-result", callId: "1", output: { type: "json", value: { text } } },
      { type: "tool-result", callId: "1", output: { type: "content", parts: [{ type: "text", text }] } },
      { type: "tool-result", callId: "1", output: { type: "denied", reason: text } },
      { type: "source", source: { title: text } },
      { type: "provider", family: "f", codec: "c", raw: { text } },
      { type: "file", mediaType: "text/plain", data: { type: "text", text } },
      { type: "file", mediaType: "application/pdf", data: { type: "url", url: "https://example.invalid/a.pdf" } },
      image,
    ];
    for (const part of parts) expect(estimate({ role: "user", content: [part] }) - base).toBeGreaterThanOrEqual(7);
  });

  it("tools and the schema of the answer count", () => {
    const schema = { type: "object", properties: { city: { type: "string", description: "the name of a city" } } };
    const messages: readonly Message[] = [{ role: "user", content: "hello" }];
    const plain = estimateTokens({ model: "m", messages });
    expect(estimateTokens({ model: "m", messages, tools: [{ name: "weather", inputSchema: schema }] })).toBeGreaterThan(plain + 20);
    expect(estimateTokens({ model: "m", messages, output: { type: "json", schema } })).toBeGreaterThan(plain + 15);
  });
});
