import { ApiError, GoogleGenAI, type Content, type GenerateContentConfig, type GenerateContentResponse, type Part } from "@google/genai";
import type { Client, Reply } from "../client.ts";
import { BASE_URLS, type Rig } from "../harness.ts";

export function google(rig: Rig): GoogleGenAI {
  return new GoogleGenAI({ apiKey: "matrix", vertexai: false, httpOptions: { baseUrl: BASE_URLS.google, fetch: rig.fetch } });
}

/** Calls without an id, as this wire allows, are told apart by their place. */
function toReply(parts: readonly Part[], last: GenerateContentResponse, pieces: readonly string[]): Reply {
  const usage = last.usageMetadata;
  const texts = (thought: boolean): string => parts.map((part) => ((part.thought === true) === thought ? (part.text ?? "") : "")).join("");
  return {
    id: last.responseId ?? "",
    model: last.modelVersion ?? "",
    text: texts(false),
    reasoning: texts(true),
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [{ id: call.id ?? "", name: call.name ?? "", arguments: call.args }],
    ),
    finish: last.candidates?.[0]?.finishReason,
    pieces,
    usage: {
      input: usage?.promptTokenCount,
      output: usage?.candidatesTokenCount,
      cacheRead: usage?.cachedContentTokenCount,
      cacheWrite: undefined,
      reasoning: usage?.thoughtsTokenCount,
    },
  };
}

export const generateContent: Client = {
  wire: "gemini",
  title: "Gemini generateContent (`@google/genai`)",
  finish: { stop: "STOP", tools: "STOP" },
  start(rig, ask, form) {
    const client = google(rig);
    const contents: Content[] = [];
    return {
      user(text, ...media) {
        const files = media.map(({ mediaType, base64 }) => ({ inlineData: { mimeType: mediaType, data: base64 } }));
        contents.push({ role: "user", parts: [{ text }, ...files] });
      },
      results(results) {
        contents.push({
          role: "user",
          parts: results.map(({ call, text, image }) => ({
            functionResponse: {
              ...(call.id === "" ? {} : { id: call.id }),
              name: call.name,
              response: { output: text },
              ...(image === undefined ? {} : { parts: [{ inlineData: { mimeType: image.mediaType, data: image.base64 } }] }),
            },
          })),
        });
      },
      async send(model = ask.model) {
        const config: GenerateContentConfig = {
          ...(ask.system === undefined ? {} : { systemInstruction: ask.system }),
          ...(ask.tools === undefined
            ? {}
            : {
                tools: [
                  {
                    functionDeclarations: ask.tools.map(({ name, description, schema }) => ({
                      name,
                      description,
                      parametersJsonSchema: schema,
                    })),
                  },
                ],
              }),
          ...(ask.schema === undefined ? {} : { responseMimeType: "application/json", responseJsonSchema: ask.schema }),
          ...(ask.reasoning === true ? { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } } : {}),
        };
        const params = { model, contents, config };
        const parts: Part[] = [];
        const pieces: string[] = [];
        let last: GenerateContentResponse | undefined;
        const take = (response: GenerateContentResponse): void => {
          last = response;
          for (const part of response.candidates?.[0]?.content?.parts ?? []) {
            parts.push(part);
            if (part.text && part.thought !== true) pieces.push(part.text);
          }
        };
        if (form === "whole") take(await client.models.generateContent(params));
        else for await (const chunk of await client.models.generateContentStream(params)) take(chunk);
        contents.push({ role: "model", parts });
        return toReply(parts, last!, pieces);
      },
    };
  },
  explain(error) {
    const isOwn = error instanceof ApiError;
    const { message = "", status } = error as Partial<ApiError>;
    let body: { error?: { message?: string; status?: string } } = {};
    try {
      body = JSON.parse(message.slice(message.indexOf("{"))) as typeof body;
    } catch {
      // no JSON: the message stands for itself
    }
    return {
      kind: (error as object).constructor.name,
      isOwn,
      status,
      message: body.error?.message ?? message,
      code: body.error?.status,
      requestId: undefined,
    };
  },
};
