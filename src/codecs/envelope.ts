import { toBase64 } from "./base64.ts";
import type { Message, Opaque, Part } from "../ir/content.ts";
import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { ModelResponse, Warning } from "../ir/response.ts";

/** Carries opaque state through clients whose wire is of another family, safe from forgery. */
export interface Envelopes {
  seal(opaque: Opaque): Promise<string>;
  /** `undefined` for what is no envelope, not ours, or too old. */
  open(text: string): Promise<Opaque | undefined>;
}

/** Characters of an envelope; state that would not fit is not sealed. */
const LIMIT = 1_048_576;
const PREFIX = "xp1.";
const HMAC = { name: "HMAC", hash: "SHA-256" };

export interface EnvelopeOptions {
  /** Must be the same wherever the envelopes are opened. */
  readonly secret: string;
  /** Milliseconds that an envelope holds, up to an hour more. Default: 30 days. */
  readonly ttl?: number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

const HOUR = 60 * 60_000;
const MONTH = 30 * 24 * HOUR;

/** Envelopes are `xp1.<payload>.<mac>` in base64url; the mac is HMAC-SHA-256 over all before it, the payload tells its age. */
export function createEnvelopes({ secret, ttl = MONTH, now = Date.now }: EnvelopeOptions): Envelopes {
  if (secret === "") throw new CrosspointError("INVALID_OPTIONS", "the secret for envelopes is empty", { param: "secret" });
  let imported: Promise<CryptoKey> | undefined;
  const mac = async (text: string): Promise<string> => {
    imported ??= crypto.subtle.importKey("raw", utf8.encode(secret), HMAC, false, ["sign"]);
    return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", await imported, utf8.encode(text))));
  };
  /** No finer, so that the same state is the same envelope wherever it stands in an answer. */
  const hour = (): number => Math.floor(now() / HOUR);
  return {
    async seal({ family, kind, data, model }) {
      const body = PREFIX + toBase64Url(utf8.encode(JSON.stringify([family, kind, data, model, hour()])));
      return `${body}.${await mac(body)}`;
    },
    async open(text) {
      if (text.length > LIMIT || !text.startsWith(PREFIX)) return undefined;
      const end = text.lastIndexOf(".");
      const body = text.slice(0, end);
      if (!sameText(await mac(body), text.slice(end + 1))) return undefined;
      const [family, kind, data, model, sealed] = JSON.parse(fromBase64(body.slice(PREFIX.length))) as Payload;
      if ((hour() - sealed) * HOUR > ttl) return undefined;
      return { family, kind, data, ...(model === null ? undefined : { model }) };
    },
  };
}

type Payload = [family: string, kind: string, data: string, model: string | null, hour: number];

const utf8 = new TextEncoder();

/** Takes the same time wherever the texts differ. */
function sameText(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let index = 0; index < left.length; index += 1) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

type Opaques = readonly Opaque[] | undefined;

function needsSeal(opaque: Opaques, nativeFamily: string | undefined): boolean {
  return (
    opaque !== undefined &&
    opaque.some(
      ({ family, sealed, data }) => family !== nativeFamily && family !== "sealed" && sealed === undefined && data.length < LIMIT / 2,
    )
  );
}

/** The holder with its foreign state sealed. */
async function sealIn<T extends { readonly opaque?: readonly Opaque[] }>(
  holder: T,
  envelopes: Envelopes,
  nativeFamily: string | undefined,
): Promise<T> {
  if (!needsSeal(holder.opaque, nativeFamily)) return holder;
  const opaque = await Promise.all(
    holder.opaque!.map(async (each) => (needsSeal([each], nativeFamily) ? { ...each, sealed: await envelopes.seal(each) } : each)),
  );
  return { ...holder, opaque };
}

const stateOf = (event: StreamEvent): Opaques => (event.type === "part" ? event.part.opaque : "opaque" in event ? event.opaque : undefined);

/**
 * Adds envelopes to the state whose family is not the client's own (`nativeFamily`, absent where the wire has none). The same
 * events, at once, when there is nothing to seal.
 */
export function sealEvents(
  events: readonly StreamEvent[],
  envelopes: Envelopes,
  nativeFamily: string | undefined,
): readonly StreamEvent[] | Promise<readonly StreamEvent[]> {
  if (!events.some((event) => needsSeal(stateOf(event), nativeFamily))) return events;
  return Promise.all(
    events.map(async (event): Promise<StreamEvent> => {
      if (event.type === "part") return { ...event, part: await sealIn<Part>(event.part, envelopes, nativeFamily) };
      return "opaque" in event ? sealIn(event, envelopes, nativeFamily) : event;
    }),
  );
}

/** The same for a whole response. */
export function sealResponse(
  response: ModelResponse,
  envelopes: Envelopes,
  nativeFamily: string | undefined,
): ModelResponse | Promise<ModelResponse> {
  const lists = response.choices?.map((choice) => choice.content) ?? [];
  if (![response.content, ...lists].flat().some((part) => needsSeal(part.opaque, nativeFamily))) return response;
  const seal = (parts: readonly Part[]): Promise<readonly Part[]> =>
    Promise.all(parts.map((part) => sealIn(part, envelopes, nativeFamily)));
  return (async () => {
    const content = await seal(response.content);
    const toolCalls = content.filter((part) => part.type === "tool-call");
    if (response.choices === undefined) return { ...response, content, toolCalls };
    const choices = await Promise.all(response.choices.map(async (choice) => ({ ...choice, content: await seal(choice.content) })));
    return { ...response, content, toolCalls, choices };
  })();
}

/** A request whose envelopes are opened. */
export interface OpenedRequest {
  readonly request: ModelRequest;
  /** Names the envelopes that are not ours or too old, which are left out. */
  readonly warnings: readonly Warning[];
}

const isSealed = (opaque: Opaque): boolean => opaque.family === "sealed";
const holdsSealed = (part: Part): boolean => part.opaque !== undefined && part.opaque.some(isSealed);

/** Opens every envelope of a client's request. A thought signature that came in an empty reasoning part returns to the call or text behind it. */
export async function openRequest(request: ModelRequest, envelopes: Envelopes): Promise<OpenedRequest> {
  const parts = request.messages.flatMap(({ content }) => (typeof content === "string" ? [] : content.filter(holdsSealed)));
  if (parts.length === 0) return { request, warnings: [] };
  const opened = new Map<string, Opaque | undefined>();
  for (const part of parts) for (const each of part.opaque!) if (isSealed(each)) opened.set(each.data, undefined);
  await Promise.all([...opened.keys()].map(async (data) => opened.set(data, await envelopes.open(data))));
  let lost = 0;
  let feature = "";
  const messages = request.messages.map((message, index): Message => {
    const { content } = message;
    if (typeof content === "string" || !content.some(holdsSealed)) return message;
    const out: Part[] = [];
    let moving: Opaque[] = [];
    content.forEach((part, at) => {
      const opaque = (part.opaque ?? []).flatMap((each) => {
        const state = isSealed(each) ? opened.get(each.data) : each;
        if (state !== undefined) return [state];
        if (lost++ === 0) feature = `messages[${index}].content[${at}]`;
        return [];
      });
      const isCarrier = part.type === "reasoning" && part.text === "" && holdsSealed(part);
      const goesOn = content.slice(at + 1).some(takesSignature);
      if (isCarrier && (opaque.length === 0 || (goesOn && opaque.every((each) => each.kind === "thought-signature")))) {
        moving.push(...opaque);
        return;
      }
      if (takesSignature(part)) {
        opaque.unshift(...moving);
        moving = [];
      }
      const { opaque: _opaque, ...bare } = part;
      out.push(opaque.length === 0 ? bare : { ...bare, opaque });
    });
    return { ...message, content: out };
  });
  const details = `left out a reasoning envelope that could not be opened${lost > 1 ? ` (${lost} times)` : ""}`;
  return { request: { ...request, messages }, warnings: lost === 0 ? [] : [{ type: "compatibility", feature, details }] };
}

const takesSignature = (part: Part): boolean => part.type === "tool-call" || part.type === "text";
