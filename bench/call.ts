/** A whole call without a network: what each library adds to `fetch` and `JSON.parse`. */
import { generateText } from "ai";
import { agent, answer, BASE_URL, small, type Conversation } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint, forGenerateText, forLangChain, forOpenAI, forProvider } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";
import { createLibraries, HEADERS } from "./subjects.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));

function subjectsFor(conversation: Conversation): Record<string, Subject> {
  const { crosspoint, openai, provider, langchain, chatCrosspoint } = createLibraries(fetch);
  const chat = forOpenAI(conversation);
  const request = forCrosspoint(conversation);
  const options = forProvider(conversation);
  const text = forGenerateText(conversation);
  const messages = forLangChain(conversation);
  const model = chat.tools === undefined ? langchain : langchain.bindTools(chat.tools);
  const face = chat.tools === undefined ? chatCrosspoint : chatCrosspoint.bindTools(chat.tools);
  return {
    "fetch + JSON.parse": async () => {
      const response = await fetch(`${BASE_URL}/chat/completions`, { method: "POST", headers: HEADERS, body: JSON.stringify(chat) });
      return JSON.parse(await response.text()) as unknown;
    },
    "crosspoint.generate": () => crosspoint.generate(request),
    openai: () => openai.chat.completions.create(chat),
    "@ai-sdk/openai-compatible doGenerate": async () => provider.doGenerate(options),
    "ai generateText": () => generateText({ model: provider, ...text }),
    "ChatOpenAI.invoke": () => model.invoke(messages),
    "ChatCrosspoint.invoke": () => face.invoke(messages),
  };
}

export async function benchCall(): Promise<Table> {
  const plan = { rounds: option("rounds", 60), turnMs: 8 };
  const short = await measure({ ...plan, subjects: subjectsFor(small) });
  const long = await measure({ ...plan, subjects: subjectsFor(agent) });
  return {
    title: "A call, in memory (µs, and the ratio to fetch + JSON.parse)",
    rows: short.map(({ name, us, ratio }, index) => ({
      subject: name,
      "small µs": rounded(us, 1),
      "small ratio": rounded(ratio),
      "agent µs": rounded(long[index]!.us, 1),
      "agent ratio": rounded(long[index]!.ratio),
    })),
  };
}

if (isMain(import.meta)) print([await benchCall()]);
