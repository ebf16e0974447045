/** A streamed answer without a network: what each library adds to splitting and parsing its chunks. */
import { streamText } from "ai";
import { BASE_URL, small } from "./conversation.ts";
import { createNetwork, drain, PIECES } from "./network.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint, forGenerateText, forLangChain, forOpenAI, forProvider } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";
import { createLibraries, HEADERS } from "./subjects.ts";

function subjectsFor(fetch: typeof globalThis.fetch): Record<string, Subject> {
  const { crosspoint, openai, provider, langchain, chatCrosspoint } = createLibraries(fetch);
  const chat = { ...forOpenAI(small), stream: true, stream_options: { include_usage: true } } as const;
  const request = forCrosspoint(small);
  const options = forProvider(small);
  const text = forGenerateText(small);
  const messages = forLangChain(small);
  return {
    "TextDecoder + split + JSON.parse": async () => {
      const response = await fetch(`${BASE_URL}/chat/completions`, { method: "POST", headers: HEADERS, body: JSON.stringify(chat) });
      const reader = response.body!.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      let count = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return count;
        const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
        rest = parts.pop()!;
        for (const part of parts) {
          const data = part.slice(6);
          if (data === "[DONE]") continue;
          if (JSON.parse(data) !== undefined) count++;
        }
      }
    },
    "crosspoint.stream": () => drain(crosspoint.stream(request)),
    "crosspoint.stream textStream": () => drain(crosspoint.stream(request).textStream),
    openai: async () => drain(await openai.chat.completions.create(chat)),
    "@ai-sdk/openai-compatible doStream": async () => drain((await provider.doStream(options)).stream),
    "ai streamText": () => drain(streamText({ model: provider, ...text }).stream),
    "ChatOpenAI.stream": async () => drain(await langchain.stream(messages)),
    "ChatCrosspoint.stream": async () => drain(await chatCrosspoint.stream(messages)),
  };
}

export async function benchStream(): Promise<Table> {
  const plan = { rounds: option("rounds", 60), turnMs: 10, units: PIECES };
  const single = await measure({ ...plan, subjects: subjectsFor(createNetwork(1)) });
  const packed = await measure({ ...plan, subjects: subjectsFor(createNetwork(10)) });
  return {
    title: `A stream of ${PIECES} pieces, in memory (µs per piece, and the ratio to the naive floor)`,
    rows: single.map(({ name, us, ratio }, index) => ({
      subject: name,
      "1 a chunk µs": rounded(us),
      "1 a chunk ratio": rounded(ratio),
      "10 a chunk µs": rounded(packed[index]!.us),
      "10 a chunk ratio": rounded(packed[index]!.ratio),
    })),
  };
}

if (isMain(import.meta)) print([await benchStream()]);
