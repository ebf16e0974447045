/** The gateway on loopback beside a bare proxy of `node:http`: CPU of the serving process for one request, 16 at a time. */
import { createCrosspoint } from "crosspoint";
import { serve } from "crosspoint/gateway";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request as send, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { agent, answer, API_KEY, frames, MODEL, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forOpenAI } from "./requests.ts";
import { median } from "./rounds.ts";

const PARALLEL = 16;

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers like a provider, at once. */
function upstream(): Promise<string> {
  const stream = frames(200).join("");
  return listen((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    incoming.on("end", () => {
      const streamed = body.includes('"stream":true');
      outgoing.writeHead(200, { "content-type": streamed ? "text/event-stream" : "application/json" }).end(streamed ? stream : answer);
    });
  });
}

function bareProxy(target: string): Promise<string> {
  const connections = new Agent({ keepAlive: true });
  return listen((incoming, outgoing) => {
    const { "content-type": type, "content-length": length } = incoming.headers;
    const headers = { authorization: `Bearer ${API_KEY}`, "content-type": type, "content-length": length };
    const passed = send(target + incoming.url!, { method: "POST", agent: connections, headers }, (response) => {
      outgoing.writeHead(response.statusCode!, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
}

async function gateway(target: string): Promise<string> {
  const providers = { bench: { codec: "openai-chat", baseURL: `${target}/v1`, apiKey: API_KEY } } as const;
  return (await serve({ crosspoint: createCrosspoint({ env: {}, providers }), port: 0 })).url;
}

/** What a child process is: it tells its address, and its CPU time whenever it is asked. */
async function child(role: string, target: string): Promise<void> {
  const url = await (role === "upstream" ? upstream() : role === "bare" ? bareProxy(target) : gateway(target));
  process.on("message", () => process.send!(process.cpuUsage()));
  process.send!(url);
}

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

async function start(role: string, target = ""): Promise<Running> {
  const started = fork(import.meta.filename, ["--role", role, target], { execArgv: process.execArgv });
  const [url] = (await once(started, "message")) as [string];
  return { process: started, url };
}

async function cpuOf({ process: running }: Running): Promise<number> {
  running.send("cpu");
  const [{ user, system }] = (await once(running, "message")) as [NodeJS.CpuUsage];
  return user + system;
}

async function post(url: string, body: string, connections: Agent): Promise<void> {
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  await new Promise<void>((resolve, reject) => {
    send(`${url}/v1/chat/completions`, { method: "POST", agent: connections, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      response.resume().on("end", resolve).on("error", reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** CPU microseconds of the serving process for one request, and requests a second. */
async function turn(subject: Running, body: string, count: number, connections: Agent): Promise<readonly [cpu: number, rate: number]> {
  const [before, begin] = [await cpuOf(subject), performance.now()];
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) await post(subject.url, body, connections);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const seconds = (performance.now() - begin) / 1000;
  return [((await cpuOf(subject)) - before) / count, count / seconds];
}

export async function benchGateway(): Promise<Table> {
  const rounds = option("rounds", 8);
  const provider = await start("upstream");
  const subjects = { "bare node:http proxy": await start("bare", provider.url), "crosspoint serve": await start("gateway", provider.url) };
  const model = `bench/${MODEL}`;
  const cases = {
    small: JSON.stringify({ ...forOpenAI(small), model }),
    agent: JSON.stringify({ ...forOpenAI(agent), model }),
    stream: JSON.stringify({ ...forOpenAI(small), model, stream: true, stream_options: { include_usage: true } }),
  };
  const connections = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const cells = new Map<string, Record<string, number>>(Object.keys(subjects).map((name) => [name, {}]));
  try {
    for (const [label, body] of Object.entries(cases)) {
      const figures = new Map<string, (readonly [number, number])[]>();
      for (let round = -1; round < rounds; round++) {
        for (const [name, subject] of Object.entries(subjects).toSorted(() => Math.random() - 0.5)) {
          const figure = await turn(subject, body, round < 0 ? 2_000 : 400, connections);
          if (round >= 0) figures.set(name, [...(figures.get(name) ?? []), figure]);
        }
      }
      for (const [name, list] of figures) {
        cells.get(name)![`${label} µs`] = rounded(median(list.map(([cpu]) => cpu)), 0);
        cells.get(name)![`${label} req/s`] = rounded(median(list.map(([, rate]) => rate)), 0);
      }
    }
  } finally {
    connections.destroy();
    for (const { process: running } of [provider, ...Object.values(subjects)]) running.kill();
  }
  return {
    title: "The gateway on loopback (µs of its CPU for a request; a stream has 200 pieces; requests a second depend on all processes)",
    rows: [...cells].map(([subject, figures]) => ({ subject, ...figures })),
  };
}

const role = process.argv.indexOf("--role");
if (role > 0) await child(process.argv[role + 1]!, process.argv[role + 2]!);
else if (isMain(import.meta)) print([await benchGateway()]);
