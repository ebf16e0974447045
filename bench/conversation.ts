/** What the benchmarks ask and what is answered: a question of one line, and the turn of an agent in the middle of its work. */

export const MODEL = "gpt-4o-mini";
export const BASE_URL = "http://model.invalid/v1";
export const API_KEY = "sk-bench-000000000000";

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: {
    readonly type: "object";
    readonly properties: Record<string, { readonly type: string; readonly description: string }>;
    readonly required: string[];
  };
}

/** One turn in no library's words. */
export type Turn =
  | { readonly role: "system" | "user" | "assistant"; readonly text: string }
  | { readonly role: "call"; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly role: "result"; readonly id: string; readonly name: string; readonly text: string };

export interface Conversation {
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
}

export const small: Conversation = { turns: [{ role: "user", text: "What is the capital of France?" }], tools: [] };

const PARAGRAPH =
  "You are a careful assistant of the support desk. Look things up before you answer, quote the record that you rely on, and ask when the order number is missing. ";

/** A system prompt of 3 KB, 10 tools and 20 messages, 6 of them calls with their results. */
export const agent: Conversation = {
  turns: [
    { role: "system", text: PARAGRAPH.repeat(18) },
    ...Array.from({ length: 3 }, (_, round): readonly Turn[] => [
      { role: "user", text: `Where is order ${4711 + round}, and can it still be changed? ${"I ordered it last week. ".repeat(6)}` },
      ...[0, 1].flatMap((step): readonly Turn[] => [
        {
          role: "call",
          id: `call_${round}_${step}_abcdefghijkl`,
          name: `lookup_${step}`,
          arguments: JSON.stringify({ query: `order ${4711 + round}`, limit: 5 }),
        },
        {
          role: "result",
          id: `call_${round}_${step}_abcdefghijkl`,
          name: `lookup_${step}`,
          text: JSON.stringify({ found: 1, status: "in transit", history: ["packed", "sent", "sorted"] }),
        },
      ]),
      { role: "assistant", text: `Order ${4711 + round} is in transit. ${"It left the warehouse on Monday. ".repeat(5)}` },
    ]).flat(),
    { role: "user", text: "Thank you. And the one before that?" },
  ],
  tools: Array.from({ length: 10 }, (_, index) => ({
    name: `lookup_${index}`,
    description: `Searches the records of kind ${index}. Use it whenever the user names an order, a customer or a date.`,
    parameters: {
      type: "object",
      properties: {
        query: { type: "string", description: "What to search for, in the user's words." },
        limit: { type: "number", description: "Most records to give back." },
        since: { type: "string", description: "Only records after this day, as YYYY-MM-DD." },
      },
      required: ["query"],
    },
  })),
};

const ANSWER = "The capital of France is Paris. It lies on the Seine and has been the country's capital for most of its history.";

/** The provider's whole answer. */
export const answer = JSON.stringify({
  id: "chatcmpl-abcdefghijklmnopqrstuvwxyz",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    { index: 0, message: { role: "assistant", content: ANSWER, refusal: null, annotations: [] }, logprobs: null, finish_reason: "stop" },
  ],
  usage: {
    prompt_tokens: 14,
    completion_tokens: 25,
    total_tokens: 39,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  },
  service_tier: "default",
  system_fingerprint: "fp_0123456789",
});

/** The frames of a streamed answer with so many pieces of text. */
export function frames(pieces: number): readonly string[] {
  const frame = (choices: readonly object[], usage: object | null = null): string =>
    `data: ${JSON.stringify({ id: "chatcmpl-abcdefghijklmnopqrstuvwxyz", object: "chat.completion.chunk", created: 1_760_000_000, model: "gpt-4o-mini-2024-07-18", service_tier: "default", system_fingerprint: "fp_0123456789", choices, usage })}\n\n`;
  const delta = (content: object, finish: string | null = null): string =>
    frame([{ index: 0, delta: content, logprobs: null, finish_reason: finish }]);
  const words = ANSWER.split(" ");
  return [
    delta({ role: "assistant", content: "", refusal: null }),
    ...Array.from({ length: pieces }, (_, index) => delta({ content: ` ${words[index % words.length]}` })),
    delta({}, "stop"),
    frame([], { prompt_tokens: 14, completion_tokens: pieces, total_tokens: 14 + pieces }),
    "data: [DONE]\n\n",
  ];
}
