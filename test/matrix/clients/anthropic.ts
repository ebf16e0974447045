import Anthropic from "@anthropic-ai/sdk";
import type { ContentBlockParam, Message, MessageCreateParamsNonStreaming, MessageParam } from "@anthropic-ai/sdk/resources/messages";
import type { Client, Media, Reply } from "../client.ts";
import { BASE_URLS, type Rig } from "../harness.ts";

export function anthropic(rig: Rig): Anthropic {
  return new Anthropic({ apiKey: "matrix", baseURL: BASE_URLS.anthropic, fetch: rig.fetch });
}

function toBlock({ mediaType, base64 }: Media) {
  if (mediaType === "image/png") {
    return { type: "image" as const, source: { type: "base64" as const, media_type: mediaType, data: base64 } };
  }
  return { type: "document" as const, source: { type: "base64" as const, media_type: mediaType, data: base64 } };
}

function toReply(message: Message & { _request_id?: string | null }, pieces: readonly string[]): Reply {
  const { usage, content } = message;
  return {
    id: message.id,
    requestId: message._request_id,
    model: message.model,
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    reasoning: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    calls: content.flatMap((block) => (block.type === "tool_use" ? [{ id: block.id, name: block.name, arguments: block.input }] : [])),
    finish: message.stop_reason,
    pieces,
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? undefined,
      cacheWrite: usage.cache_creation_input_tokens ?? undefined,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? undefined,
    },
  };
}

export const messages: Client = {
  wire: "anthropic-messages",
  title: "Anthropic Messages (`@anthropic-ai/sdk`)",
  finish: { stop: "end_turn", tools: "tool_use" },
  start(rig, ask, form) {
    const client = anthropic(rig);
    const history: MessageParam[] = [];
    return {
      user(text, ...media) {
        history.push({ role: "user", content: media.length === 0 ? text : [{ type: "text", text }, ...media.map(toBlock)] });
      },
      results(results) {
        const content = results.map(({ call, text, image }): ContentBlockParam => {
          const said = { type: "text" as const, text };
          return {
            type: "tool_result",
            tool_use_id: call.id,
            content:
              image === undefined
                ? text
                : [said, { type: "image", source: { type: "base64", media_type: "image/png", data: image.base64 } }],
          };
        });
        history.push({ role: "user", content });
      },
      async send(model = ask.model) {
        const params: MessageCreateParamsNonStreaming = {
          model,
          max_tokens: 4000,
          messages: history,
          ...(ask.system === undefined ? {} : { system: ask.system }),
          ...(ask.tools === undefined
            ? {}
            : {
                tools: ask.tools.map(({ name, description, schema }) => ({
                  name,
                  description,
                  input_schema: { ...schema, type: "object" as const },
                })),
              }),
          ...(ask.schema === undefined ? {} : { output_config: { format: { type: "json_schema", schema: ask.schema } } }),
          ...(ask.reasoning === true ? { thinking: { type: "enabled", budget_tokens: 1024 } } : {}),
        };
        if (form === "whole") {
          const message = await client.messages.create(params);
          history.push({ role: "assistant", content: message.content });
          return toReply(
            message,
            message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])),
          );
        }
        const pieces: string[] = [];
        const stream = client.messages.stream(params);
        stream.on("text", (piece) => void (piece === "" || pieces.push(piece)));
        const message = await stream.finalMessage();
        history.push({ role: "assistant", content: message.content });
        return toReply(message, pieces);
      },
    };
  },
  explain(error) {
    const isOwn = error instanceof Anthropic.APIError;
    const { message = "", status, type, requestID } = error as Partial<InstanceType<typeof Anthropic.APIError>>;
    return { kind: (error as object).constructor.name, isOwn, status, message, code: type, requestId: requestID };
  },
};
