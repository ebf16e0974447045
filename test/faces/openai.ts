import type OpenAI from "openai";
import { createOpenAI, crosspointOf } from "crosspoint/openai";
import { toResponseInputItems } from "openai/lib/responses/ResponseInputItems";
import type { Face, Told } from "./face.ts";
import { QUESTION, REPORT_SCHEMA, resultOf, SYSTEM, TOOLS } from "./script.ts";

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type Items = OpenAI.Responses.ResponseInputItem[];

export const openaiChat: Face = {
  title: "the OpenAI client over Chat Completions",
  hidesReasoning: ["openai"],
  async converse(crosspoint, model, streamed) {
    const client = createOpenAI(crosspoint);
    const ask = async (messages: ChatMessage[]): Promise<OpenAI.ChatCompletion> => {
      const params: OpenAI.ChatCompletionCreateParamsNonStreaming = {
        model,
        messages,
        tools: Object.entries(TOOLS).map(([name, { description, inputSchema }]) => ({
          type: "function",
          function: { name, description, parameters: inputSchema },
        })),
        response_format: { type: "json_schema", json_schema: { name: "report", schema: REPORT_SCHEMA, strict: true } },
        reasoning_effort: "low",
      };
      if (!streamed) return client.chat.completions.create(params);
      return joinChunks(await client.chat.completions.create({ ...params, stream: true, stream_options: { include_usage: true } }));
    };
    const question: ChatMessage[] = [
      { role: "system", content: SYSTEM },
      { role: "user", content: QUESTION },
    ];
    const first = await ask(question);
    const { message } = first.choices[0]!;
    const results = (message.tool_calls ?? []).map((call): ChatMessage => ({
      role: "tool",
      tool_call_id: call.id,
      content: call.type === "function" ? resultOf(call.function.name) : "",
    }));
    const second = await ask([...question, message, ...results]);
    return [toldChat(first), toldChat(second)];
  },
};

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & {
  readonly reasoning_content?: string;
  /** The state of reasoning. */
  readonly reasoning_details?: readonly object[];
};

/** The client's own joining would refuse the comment beside the calls, which is no JSON. */
async function joinChunks(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<OpenAI.ChatCompletion> {
  let last: OpenAI.ChatCompletionChunk | undefined;
  let content = "";
  let reasoning_content = "";
  const reasoning_details: object[] = [];
  const tool_calls: OpenAI.ChatCompletionMessageFunctionToolCall[] = [];
  for await (const chunk of stream) {
    last = chunk;
    const delta = (chunk.choices[0]?.delta ?? {}) as Delta;
    content += delta.content ?? "";
    reasoning_content += delta.reasoning_content ?? "";
    reasoning_details.push(...(delta.reasoning_details ?? []));
    for (const { index, function: called, ...more } of delta.tool_calls ?? []) {
      const call = (tool_calls[index] ??= { id: "", type: "function", function: { name: called!.name!, arguments: "" } });
      call.function.arguments += called?.arguments ?? "";
      Object.assign(call, more);
    }
  }
  const message = {
    role: "assistant",
    content,
    refusal: null,
    reasoning_content,
    reasoning_details,
    ...(tool_calls.length > 0 && { tool_calls }),
  };
  return {
    ...last!,
    object: "chat.completion",
    choices: [{ index: 0, finish_reason: "stop", logprobs: null, message }],
  } as OpenAI.ChatCompletion;
}

function toldChat(completion: OpenAI.ChatCompletion): Told {
  const { usage } = completion;
  const message = completion.choices[0]!.message as OpenAI.ChatCompletionMessage & { readonly reasoning_content?: string };
  const details = usage?.prompt_tokens_details;
  return {
    text: message.content ?? "",
    reasoning: message.reasoning_content ?? "",
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === "function"
        ? [{ id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown }]
        : [],
    ),
    usage: {
      input: usage?.prompt_tokens,
      cacheRead: details?.cached_tokens,
      cacheWrite: details?.cache_write_tokens,
      output: usage?.completion_tokens,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens,
      total: usage?.total_tokens,
    },
    cost: crosspointOf(completion)?.cost,
  };
}

export const openaiResponses: Face = {
  title: "the OpenAI client over Responses",
  zeroFills: true,
  async converse(crosspoint, model, streamed) {
    const client = createOpenAI(crosspoint);
    const ask = async (input: Items): Promise<OpenAI.Responses.Response> => {
      const params: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
        model,
        input,
        instructions: SYSTEM,
        tools: Object.entries(TOOLS).map(([name, { description, inputSchema }]) => ({
          type: "function",
          name,
          description,
          parameters: inputSchema,
          strict: null,
        })),
        text: { format: { type: "json_schema", name: "report", schema: REPORT_SCHEMA, strict: true } },
        reasoning: { effort: "low", summary: "detailed" },
        include: ["reasoning.encrypted_content"],
        store: false,
      };
      if (!streamed) return client.responses.create(params);
      for await (const event of await client.responses.create({ ...params, stream: true })) {
        if (event.type === "response.completed") return event.response;
      }
      throw new Error("the stream ended early");
    };
    const question: Items = [{ role: "user", content: QUESTION }];
    const first = await ask(question);
    const results = first.output.flatMap((item) =>
      item.type === "function_call" ? [{ type: "function_call_output" as const, call_id: item.call_id, output: resultOf(item.name) }] : [],
    );
    const second = await ask([...question, ...(toResponseInputItems(first.output) as Items), ...results]);
    return [toldResponse(first), toldResponse(second)];
  },
};

function toldResponse(response: OpenAI.Responses.Response): Told {
  const { usage } = response;
  const details = usage?.input_tokens_details;
  return {
    text: response.output
      .flatMap((item) => (item.type === "message" ? item.content.map((part) => (part.type === "output_text" ? part.text : "")) : []))
      .join(""),
    reasoning: response.output.flatMap((item) => (item.type === "reasoning" ? item.summary.map(({ text }) => text) : [])).join(""),
    calls: response.output.flatMap((item) =>
      item.type === "function_call" ? [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) as unknown }] : [],
    ),
    usage: {
      input: usage?.input_tokens,
      cacheRead: details?.cached_tokens,
      cacheWrite: details?.cache_write_tokens,
      output: usage?.output_tokens,
      reasoning: usage?.output_tokens_details.reasoning_tokens,
      total: usage?.total_tokens,
    },
    cost: crosspointOf(response)?.cost,
  };
}
