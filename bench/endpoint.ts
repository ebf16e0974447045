/** The OpenAI client over `crosspoint.fetch` in process, beside the same client straight on the network. */
import OpenAI from "openai";
import { agent, answer, API_KEY, BASE_URL, MODEL, small, type Conversation } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forOpenAI } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";
import { createLibraries } from "./subjects.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));

function subjectsFor(conversation: Conversation): Record<string, Subject> {
  const { crosspoint, openai } = createLibraries(fetch);
  const over = new OpenAI({ apiKey: API_KEY, baseURL: "http://crosspoint.invalid/v1", fetch: crosspoint.fetch });
  const chat = forOpenAI(conversation);
  const body = JSON.stringify({ ...chat, model: `bench/${MODEL}` });
  const headers = { "content-type": "application/json" };
  return {
    "openai over fetch": () => openai.chat.completions.create(chat),
    "openai over crosspoint.fetch": () => over.chat.completions.create({ ...chat, model: `bench/${MODEL}` }),
    "crosspoint.fetch alone": async () => {
      const response = await crosspoint.fetch("http://crosspoint.invalid/v1/chat/completions", { method: "POST", headers, body });
      return response.text();
    },
    "fetch alone": async () => (await fetch(`${BASE_URL}/chat/completions`, { method: "POST", headers, body })).text(),
  };
}

export async function benchEndpoint(): Promise<Table> {
  const plan = { rounds: option("rounds", 40), turnMs: 8 };
  const short = await measure({ ...plan, subjects: subjectsFor(small) });
  const long = await measure({ ...plan, subjects: subjectsFor(agent) });
  return {
    title: "An endpoint in process (µs of CPU, and the ratio to the OpenAI client on the network)",
    rows: short.map(({ name, us, ratio }, index) => ({
      subject: name,
      "small µs": rounded(us, 1),
      "small ratio": rounded(ratio),
      "agent µs": rounded(long[index]!.us, 1),
      "agent ratio": rounded(long[index]!.ratio),
    })),
  };
}

if (isMain(import.meta)) print([await benchEndpoint()]);
