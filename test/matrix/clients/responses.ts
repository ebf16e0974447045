import { toResponseInputItems } from "openai/lib/responses/ResponseInputItems";
import type {
  Response,
  ResponseFunctionCallOutputItem,
  ResponseInputContent,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import type { Client, Media, Reply } from "../client.ts";
import { explainOpenAI, openai } from "./chat.ts";

function toPart(media: Media): ResponseInputContent {
  const url = `data:${media.mediaType};base64,${media.base64}`;
  if (media.mediaType === "image/png") return { type: "input_image", image_url: url, detail: "auto" };
  return { type: "input_file", filename: "report.pdf", file_data: url };
}

function toReply(response: Response & { _request_id?: string | null }, pieces: readonly string[]): Reply {
  const { usage } = response;
  return {
    id: response.id,
    requestId: response._request_id,
    model: response.model,
    text: response.output_text,
    reasoning: response.output
      .flatMap((item) => (item.type === "reasoning" ? [...item.summary, ...(item.content ?? [])] : []))
      .map((part) => part.text)
      .join(""),
    calls: response.output.flatMap((item) =>
      item.type === "function_call" ? [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) as unknown }] : [],
    ),
    finish: response.status,
    pieces,
    usage: {
      input: usage?.input_tokens,
      output: usage?.output_tokens,
      cacheRead: usage?.input_tokens_details.cached_tokens,
      cacheWrite: usage?.input_tokens_details.cache_write_tokens,
      reasoning: usage?.output_tokens_details.reasoning_tokens,
    },
  };
}

export const responses: Client = {
  wire: "openai-responses",
  title: "OpenAI Responses (`openai`)",
  finish: { stop: "completed", tools: "completed" },
  start(rig, ask, form) {
    const client = openai(rig);
    const input: ResponseInputItem[] = [];
    return {
      user(text, ...media) {
        input.push({ role: "user", content: media.length === 0 ? text : [{ type: "input_text", text }, ...media.map(toPart)] });
      },
      results(results) {
        for (const { call, text, image } of results) {
          const parts: ResponseFunctionCallOutputItem[] =
            image === undefined
              ? []
              : [
                  { type: "input_text", text },
                  { type: "input_image", image_url: `data:${image.mediaType};base64,${image.base64}` },
                ];
          input.push({ type: "function_call_output", call_id: call.id, output: image === undefined ? text : parts });
        }
      },
      async send(model = ask.model) {
        const params = {
          model,
          input,
          store: false,
          ...(ask.system === undefined ? {} : { instructions: ask.system }),
          ...(ask.tools === undefined
            ? {}
            : {
                tools: ask.tools.map(({ name, description, schema }) => ({
                  type: "function" as const,
                  name,
                  description,
                  parameters: schema,
                  strict: true,
                })),
              }),
          ...(ask.schema === undefined
            ? {}
            : { text: { format: { type: "json_schema" as const, name: "answer", schema: ask.schema, strict: true } } }),
          ...(ask.reasoning === true
            ? { reasoning: { effort: "low" as const, summary: "auto" as const }, include: ["reasoning.encrypted_content" as const] }
            : {}),
        };
        if (form === "whole") {
          const response = await client.responses.create(params);
          input.push(...toResponseInputItems(response.output));
          return toReply(response, response.output_text === "" ? [] : [response.output_text]);
        }
        const pieces: string[] = [];
        const stream = client.responses.stream(params);
        for await (const event of stream) if (event.type === "response.output_text.delta" && event.delta !== "") pieces.push(event.delta);
        const response = await stream.finalResponse();
        input.push(...toResponseInputItems(response.output));
        return toReply(response, pieces);
      },
    };
  },
  explain: explainOpenAI,
};
