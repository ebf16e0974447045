import type { Fault, RecordedRequest, Step } from "../types.ts";
import { WIRES } from "../wires.ts";
import { checkKey, missingModel } from "./access.ts";
import { automaticStep } from "./autopilot.ts";
import { answerBatchEmbed, answerEmbedContent, answerEmbeddings, checkEmbedding } from "./embeddings.ts";
import type { Incoming, Outcome, ProviderState } from "./state.ts";
import { createEnvelope, type Envelope } from "./envelope.ts";
import { faultFailure } from "./faults.ts";
import { isObject, list, objects, parseJson, text, type Json, type JsonObject } from "./json.ts";
import { answerModel, answerModels, knowsModel } from "./models.ts";
import { resolveAnswer } from "./resolve.ts";
import { findRoute, type Route } from "./routes.ts";
import { planStream } from "./stream.ts";
import type { Failure, Turn, WireContext } from "./turn.ts";
import { promptTokens } from "./usage.ts";

type Note = (found: Pick<RecordedRequest, "wire" | "model" | "body">) => void;

const MAX_STORED = 1000;
const DEFAULT_MAX_BODY = 32 * 1024 * 1024;

/** Decides the answer to one request. Nothing is sent here; `note` learns what the request turned out to be. */
export function decide(state: ProviderState, incoming: Incoming, note: Note): Outcome {
  const route = findRoute(incoming.method, incoming.url.pathname, incoming.headers);
  const source = new TextDecoder().decode(incoming.body);
  const parsed = parseJson(source);
  const body = isObject(parsed?.value) ? parsed.value : {};
  const model = route.operation === undefined ? "" : modelOf(route, body);
  note({ wire: route.wire, body: parsed?.value ?? source, ...(model === "" ? {} : { model }) });
  const envelope = createEnvelope(state, route.wire);
  const fault = incoming.method === "POST" ? (state.faults.take(route.wire, model) ?? {}) : {};
  if (fault.reset === "before-headers") return { delayMs: fault.delayMs ?? 0, reply: "reset" };
  const refused =
    refusal(state, incoming, route, parsed !== undefined && isObject(parsed.value)) ??
    (fault.status === undefined ? undefined : faultFailure(fault));
  if (refused !== undefined) return envelope.refuse(refused, fault);
  if (route.operation === undefined) return envelope.refuse(notFound(incoming, route.methods), fault);
  return perform(state, incoming, envelope, route, { body, model, fault });
}

function modelOf(route: Route, body: JsonObject): string {
  return route.operation.endsWith("response")
    ? ""
    : route.wire === "gemini" || route.operation === "get-model"
      ? route.name.replace(/^models\//, "")
      : text(body["model"]);
}

function notFound(incoming: Incoming, methods: readonly string[]): Failure {
  if (methods.length > 0)
    return {
      status: 405,
      code: "method_not_allowed",
      message: `Not allowed to ${incoming.method} on ${incoming.url.pathname}. (HINT: Perhaps you meant to make a ${methods.join(" or ")} request.)`,
    };
  return { status: 404, code: "unknown_url", message: `Invalid URL (${incoming.method} ${incoming.url.pathname})` };
}

function refusal(
  state: ProviderState,
  incoming: Incoming,
  route: { readonly wire: Route["wire"] },
  readable: boolean,
): Failure | undefined {
  const { options } = state;
  if (options.strict === false) return undefined;
  const wrongKey = checkKey(options, route.wire, incoming.url, incoming.headers);
  if (wrongKey !== undefined) return wrongKey;
  if (incoming.body.length > (options.maxBodyBytes ?? DEFAULT_MAX_BODY))
    return { status: 413, message: "Request exceeds the maximum size", ...(route.wire === "gemini" ? { type: "INVALID_ARGUMENT" } : {}) };
  if (incoming.method !== "POST" || readable) return undefined;
  return { status: 400, message: "We could not parse the JSON body of your request. The request body is not valid JSON." };
}

interface Asked {
  readonly body: JsonObject;
  readonly model: string;
  readonly fault: Fault;
}

function perform(state: ProviderState, incoming: Incoming, envelope: Envelope, route: Route, asked: Asked): Outcome {
  const { body, model, fault } = asked;
  const { wire } = route;
  const known = model !== "" && knowsModel(state.options.models, model);
  const named = route.operation !== "list-models" && !route.operation.endsWith("response");
  if (named && model !== "" && !known && state.options.strict !== false) return envelope.refuse(missingModel(wire, model), fault);
  const wrong =
    route.operation.startsWith("embed") && state.options.strict !== false
      ? checkEmbedding(wire, route.operation === "embed-batch", body)
      : undefined;
  if (wrong !== undefined) return envelope.refuse(wrong, fault);
  switch (route.operation) {
    case "list-models":
      return envelope.send(answerModels(wire, state.options.models), fault);
    case "get-model":
      return envelope.send(answerModel(wire, model), fault);
    case "get-response":
    case "delete-response":
      return storedResponse(state, envelope, route);
    case "embed":
      return envelope.send(wire === "gemini" ? answerEmbedContent(model, body) : answerEmbeddings(body), fault);
    case "embed-batch":
      return envelope.send(answerBatchEmbed(model, body), fault);
    case "count-tokens":
    case "generate":
      return generate(state, incoming, envelope, route, asked);
    default:
      return route.operation satisfies never;
  }
}

function storedResponse(state: ProviderState, envelope: Envelope, route: Route): Outcome {
  const found = state.stored.get(route.name);
  if (found === undefined)
    return envelope.refuse(
      { status: 404, message: `Response with id '${route.name}' not found.`, type: "invalid_request_error", param: "response_id" },
      {},
    );
  if (route.operation === "get-response") return envelope.send(found.response, {});
  state.stored.delete(route.name);
  return envelope.send({ id: route.name, object: "response.deleted", deleted: true }, {});
}

function generate(state: ProviderState, incoming: Incoming, envelope: Envelope, route: Route, asked: Asked): Outcome {
  const side = WIRES[route.wire];
  const stream = route.wire === "gemini" ? route.stream : asked.body["stream"] === true;
  const context: WireContext = {
    signer: state.signer,
    headers: incoming.headers,
    model: asked.model,
    stream,
    reasoningField: state.options.reasoningField ?? "reasoning_content",
    stored: state.stored,
  };
  const expanded = side.expand?.(asked.body, context) ?? { body: asked.body };
  if ("failure" in expanded) return envelope.refuse(expanded.failure, asked.fault);
  const { body } = expanded;
  const counting = route.operation === "count-tokens";
  const problem = state.options.strict === false || counting ? undefined : side.check(body, context);
  if (problem !== undefined) return envelope.refuse(problem, asked.fault);
  const turn = side.read(body, context);
  if (counting) return envelope.send(tokenCount(route.wire, promptTokens(turn.prompt)), asked.fault);
  const { step, scripted } = nextStep(state, turn, incoming, body);
  const fault = { ...asked.fault, ...step.fault };
  if (fault.reset === "before-headers") return { delayMs: fault.delayMs ?? 0, reply: "reset" };
  if (fault.status !== undefined) return envelope.refuse(faultFailure(fault), fault);
  const answer = resolveAnswer(step, turn, scripted, state.cache.use(turn), state.newId, state.clock());
  const whole = side.answer(answer, body, context);
  if (route.wire === "openai-responses" && body["store"] !== false) remember(state, answer.id, whole, body);
  if (!stream)
    return envelope.send(
      fault.errorAfterChunks === undefined ? whole : side.error(faultFailure(streamError(fault)), envelope.requestId),
      fault,
    );
  const style = route.wire !== "gemini" ? "lf" : incoming.url.searchParams.get("alt") === "sse" ? "crlf" : "array";
  const plan = planStream({
    frames: side.frames(answer, body, context),
    style,
    fault,
    delayMs: step.delayMs ?? 0,
    ...(step.splitBytes === undefined ? {} : { splitBytes: Math.max(1, step.splitBytes) }),
    ...(fault.errorAfterChunks === undefined ? {} : { errorFrame: side.errorFrame(faultFailure(streamError(fault)), envelope.requestId) }),
  });
  return envelope.stream(plan, fault, ...(style === "array" ? ["application/json"] : []));
}

function streamError(fault: Fault): Fault {
  const { after: _, status, ...error } = fault.errorAfterChunks ?? { after: 0 };
  return { status: status ?? 500, error };
}

function tokenCount(wire: Route["wire"], tokens: number): JsonObject {
  if (wire === "gemini") return { totalTokens: tokens };
  return wire === "anthropic-messages" ? { input_tokens: tokens } : { object: "response.input_tokens", input_tokens: tokens };
}

function nextStep(
  state: ProviderState,
  turn: Turn,
  incoming: Incoming,
  body: JsonObject,
): { readonly step: Step; readonly scripted: boolean } {
  const { wire, model, stream, text: said, tools, toolResults } = turn;
  const step =
    state.scripts.take(wire, model) ??
    state.options.respond?.({ wire, model, stream, text: said, tools, toolResults, body, headers: incoming.headers });
  return step === undefined
    ? { step: automaticStep(turn), scripted: false }
    : { step: isEmpty(step) ? { ...automaticStep(turn), ...step } : step, scripted: !isEmpty(step) };
}

/** A step that says nothing itself, only how the automatic answer is sent. */
function isEmpty(step: Step): boolean {
  return [step.text, step.reasoning, step.toolCalls, step.output, step.refusal, step.finishReason].every((part) => part === undefined);
}

function remember(state: ProviderState, id: string, response: JsonObject, body: JsonObject): void {
  const input: readonly Json[] = list(body["input"]);
  state.stored.set(id, { response, items: [...objects(input), ...objects(response["output"])] });
  if (state.stored.size > MAX_STORED) state.stored.delete(state.stored.keys().next().value ?? "");
}
