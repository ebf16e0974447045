import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionContentPart, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { Client, Media, Reply } from "../client.ts";
import { BASE_URLS, type Rig } from "../harness.ts";

export function openai(rig: Rig): OpenAI {
  return new OpenAI({ apiKey: "matrix", baseURL: BASE_URLS.openai, fetch: rig.fetch });
}

/** The fields of the convention by which Chat Completions shows reasoning. */
interface Thinking {
  readonly reasoning_content?: string;
}

function toPart(media: Media): ChatCompletionContentPart {
  const url = `data:${media.mediaType};base64,${media.base64}`;
  if (media.mediaType === "image/png") return { type: "image_url", image_url: { url } };
  return { type: "file", file: { filename: "report.pdf", file_data: url } };
}

function toReply(completion: ChatCompletion & { _request_id?: string | null }, reasoning: string, pieces: readonly string[]): Reply {
  const { message, finish_reason } = completion.choices[0]!;
  const { usage } = completion;
  return {
    id: completion.id,
    requestId: completion._request_id,
    model: completion.model,
    text: message.content ?? "",
    reasoning,
    calls: (message.tool_calls ?? []).map((call) => {
      if (call.type !== "function") throw new Error("a call of no function");
      return { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown };
    }),
    finish: finish_reason,
    pieces,
    usage: {
      input: usage?.prompt_tokens,
      output: usage?.completion_tokens,
      cacheRead: usage?.prompt_tokens_details?.cached_tokens,
      cacheWrite: usage?.prompt_tokens_details?.cache_write_tokens,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens,
    },
  };
}

export const chat: Client = {
  wire: "openai-chat",
  title: "OpenAI Chat Completions (`openai`)",
  finish: { stop: "stop", tools: "tool_calls" },
  start(rig, ask, form) {
    const client = openai(rig);
    const messages: ChatCompletionMessageParam[] = [];
    if (ask.system !== undefined) messages.push({ role: "system", content: ask.system });
    return {
      user(text, ...media) {
        messages.push({ role: "user", content: media.length === 0 ? text : [{ type: "text", text }, ...media.map(toPart)] });
      },
      results(results) {
        for (const { call, text } of results) messages.push({ role: "tool", tool_call_id: call.id, content: text });
      },
      async send(model = ask.model) {
        const params = {
          model,
          messages,
          ...(ask.tools === undefined
            ? {}
            : {
                tools: ask.tools.map(({ name, description, schema }) => ({
                  type: "function" as const,
                  function: { name, description, parameters: schema, strict: true },
                })),
              }),
          ...(ask.schema === undefined
            ? {}
            : { response_format: { type: "json_schema" as const, json_schema: { name: "answer", schema: ask.schema, strict: true } } }),
          ...(ask.reasoning === true ? { reasoning_effort: "low" as const } : {}),
        };
        if (form === "whole") {
          const completion = await client.chat.completions.create(params);
          const { message } = completion.choices[0]!;
          messages.push(message);
          return toReply(completion, (message as Thinking).reasoning_content ?? "", message.content ? [message.content] : []);
        }
        const pieces: string[] = [];
        let reasoning = "";
        const stream = client.chat.completions.stream({ ...params, stream_options: { include_usage: true } });
        for await (const chunk of stream) {
          const delta = chunk.choices[0]?.delta;
          if (delta?.content) pieces.push(delta.content);
          reasoning += (delta as Thinking | undefined)?.reasoning_content ?? "";
        }
        const completion = await stream.finalChatCompletion();
        messages.push(completion.choices[0]!.message);
        return toReply(completion, reasoning, pieces);
      },
    };
  },
  explain: explainOpenAI,
};

export function explainOpenAI(error: unknown): ReturnType<Client["explain"]> {
  const isOwn = error instanceof OpenAI.APIError;
  const { message = "", status, code, requestID } = error as Partial<InstanceType<typeof OpenAI.APIError>>;
  return { kind: (error as object).constructor.name, isOwn, status, message, code, requestId: requestID };
}
