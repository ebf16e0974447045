import { APIConnectionTimeoutError, APIUserAbortError, type OpenAI } from "openai";
import type { ClientAnswer } from "crosspoint";
import type { Answer, AnswerProps } from "./answer-promise.ts";
import type { Call } from "./call.ts";
import { toReadable, toStream } from "./stream.ts";

/** Asks the layer. Rejects with the errors of the official client. */
export async function send(
  call: Call,
  client: OpenAI,
  toError: (status: number, body: object, headers: Headers) => Error,
): Promise<Answer> {
  const { crosspoint, wire, body, headers, signal } = call;
  if (signal?.aborted === true) throw new APIUserAbortError();
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal?.addEventListener("abort", abort, { once: true });
  const release = (): void => signal?.removeEventListener("abort", abort);
  const startTime = Date.now();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort();
  }, call.timeout);
  let answer: ClientAnswer;
  try {
    answer = await crosspoint.answer({ wire, body, headers, signal: controller.signal });
  } catch (error) {
    release();
    if (late) throw new APIConnectionTimeoutError();
    throw controller.signal.aborted ? new APIUserAbortError() : error;
  } finally {
    clearTimeout(timer);
  }
  const { status } = answer;
  const told = { "content-type": "application/json", ...answer.headers };
  if (!("frames" in answer) || status >= 400) release();
  if (status >= 400) throw toError(status, "body" in answer ? answer.body : {}, new Headers(told));
  const requestId = answer.headers["x-request-id"] ?? null;
  const head = (): Response => new Response(null, { status, headers: told });
  let response: Response | undefined;
  const props = {
    get response() {
      return (response ??=
        "frames" in answer
          ? new Response(toReadable(answer.frames, controller, release), { status, headers: told })
          : new Response(JSON.stringify(answer.body), { status, headers: told }));
    },
    options: { method: "post", path: "", ...call.options },
    controller,
    requestLogID: "",
    retryOfRequestLogID: undefined,
    startTime,
  } satisfies AnswerProps;
  const value = "frames" in answer ? toStream(answer, { controller, client, release }) : answer.body;
  return { value, requestId, props, head };
}
