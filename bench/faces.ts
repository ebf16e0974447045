/** Each face beside the framework's own model class and the layer itself, over one in-memory network. */
import { createOpenAI as createOpenAIProvider } from "@ai-sdk/openai";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { generateText, streamText } from "ai";
import { createCrosspointProvider } from "crosspoint/ai-sdk";
import { createOpenAI } from "crosspoint/openai";
import { agent, answer, API_KEY, BASE_URL, MODEL, small, type Conversation } from "./conversation.ts";
import { createNetwork, drain, PIECES } from "./network.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint, forGenerateText, forLangChain, forOpenAI, forProvider } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";
import { createLibraries } from "./subjects.ts";

/** The subjects of one framework stand together: its own class first, ours after it. */
type Subjects = Record<string, Subject>;

const NAME = `bench/${MODEL}`;

function models(fetch: typeof globalThis.fetch) {
  const libraries = createLibraries(fetch);
  const { crosspoint } = libraries;
  return {
    ...libraries,
    own: createOpenAIProvider({ apiKey: API_KEY, baseURL: BASE_URL, fetch }).chat(MODEL) as LanguageModelV4,
    compatible: libraries.provider as LanguageModelV4,
    face: createCrosspointProvider(crosspoint)(NAME),
    client: createOpenAI(crosspoint),
  };
}

function callsOf(conversation: Conversation): Subjects {
  const fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));
  const { crosspoint, openai, client, own, compatible, face, langchain, chatCrosspoint } = models(fetch);
  const chat = forOpenAI(conversation);
  const request = forCrosspoint(conversation);
  const options = forProvider(conversation);
  const text = forGenerateText(conversation);
  const messages = forLangChain(conversation);
  const theirs = chat.tools === undefined ? langchain : langchain.bindTools(chat.tools);
  const ours = chat.tools === undefined ? chatCrosspoint : chatCrosspoint.bindTools(chat.tools);
  return {
    "crosspoint.generate": () => crosspoint.generate(request),
    "ChatOpenAI.invoke": () => theirs.invoke(messages),
    "ChatCrosspoint.invoke": () => ours.invoke(messages),
    "@ai-sdk/openai doGenerate": async () => own.doGenerate(options),
    "@ai-sdk/openai-compatible doGenerate": async () => compatible.doGenerate(options),
    "crosspoint/ai-sdk doGenerate": async () => face.doGenerate(options as Parameters<typeof face.doGenerate>[0]),
    "generateText, @ai-sdk/openai": () => generateText({ model: own, ...text }),
    "generateText, @ai-sdk/openai-compatible": () => generateText({ model: compatible, ...text }),
    "generateText, crosspoint/ai-sdk": () => generateText({ model: face, ...text }),
    "openai chat.completions.create": () => openai.chat.completions.create(chat),
    "crosspoint/openai chat.completions.create": () => client.chat.completions.create({ ...chat, model: NAME }),
  };
}

function streamsOf(fetch: typeof globalThis.fetch): Subjects {
  const { crosspoint, openai, client, own, compatible, face, langchain, chatCrosspoint } = models(fetch);
  const chat = { ...forOpenAI(small), stream: true, stream_options: { include_usage: true } } as const;
  const request = forCrosspoint(small);
  const options = forProvider(small);
  const text = forGenerateText(small);
  const messages = forLangChain(small);
  return {
    "crosspoint.stream": () => drain(crosspoint.stream(request)),
    "ChatOpenAI.stream": async () => drain(await langchain.stream(messages)),
    "ChatCrosspoint.stream": async () => drain(await chatCrosspoint.stream(messages)),
    "@ai-sdk/openai doStream": async () => drain((await own.doStream(options)).stream),
    "@ai-sdk/openai-compatible doStream": async () => drain((await compatible.doStream(options)).stream),
    "crosspoint/ai-sdk doStream": async () => drain((await face.doStream(options as Parameters<typeof face.doStream>[0])).stream),
    "streamText, @ai-sdk/openai": () => drain(streamText({ model: own, ...text }).stream),
    "streamText, @ai-sdk/openai-compatible": () => drain(streamText({ model: compatible, ...text }).stream),
    "streamText, crosspoint/ai-sdk": () => drain(streamText({ model: face, ...text }).stream),
    "openai chat.completions.create": async () => drain(await openai.chat.completions.create(chat)),
    "crosspoint/openai chat.completions.create": async () => drain(await client.chat.completions.create({ ...chat, model: NAME })),
  };
}

export async function benchFaces(): Promise<readonly Table[]> {
  const rounds = option("rounds", 40);
  const short = await measure({ rounds, turnMs: 8, subjects: callsOf(small) });
  const long = await measure({ rounds, turnMs: 8, subjects: callsOf(agent) });
  const single = await measure({ rounds, turnMs: 10, units: PIECES, subjects: streamsOf(createNetwork(1)) });
  const packed = await measure({ rounds, turnMs: 10, units: PIECES, subjects: streamsOf(createNetwork(10)) });
  return [
    {
      title: "Faces: a call, in memory (µs, and the ratio to the layer itself)",
      rows: short.map(({ name, us, ratio }, index) => ({
        subject: name,
        "small µs": rounded(us, 1),
        "small ratio": rounded(ratio),
        "agent µs": rounded(long[index]!.us, 1),
        "agent ratio": rounded(long[index]!.ratio),
      })),
    },
    {
      title: `Faces: a stream of ${PIECES} pieces, in memory (µs per piece, and the ratio to the layer itself)`,
      rows: single.map(({ name, us, ratio }, index) => ({
        subject: name,
        "1 a chunk µs": rounded(us),
        "1 a chunk ratio": rounded(ratio),
        "10 a chunk µs": rounded(packed[index]!.us),
        "10 a chunk ratio": rounded(packed[index]!.ratio),
      })),
    },
  ];
}

if (isMain(import.meta)) print(await benchFaces());
