import type { Message, Opaque, Part } from "../../ir/content.ts";
import type { CrosspointError } from "../../ir/error.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Target } from "../../ir/target.ts";
import { mapKept } from "./list.ts";

/** Whether the target understands this state: made by its family, and by its model as far as that is known. */
export function canReplay(opaque: Opaque, target: Target): boolean {
  const { family, model } = opaque;
  return family === target.family && (model === undefined || model === target.model || bare(model) === bare(target.model));
}

/** A model's name without path, vendor prefix, date, `-latest` and Bedrock's revision. */
function bare(model: string): string {
  return model
    .toLowerCase()
    .replace(/^(?:.*\/)?(?:[a-z-]+\.)*/, "")
    .replace(/(?:[-@](?:latest|default|\d{8}|\d{4}-\d\d-\d\d))?(?:-v\d+:\d+|-v1)?$/, "");
}

/** The part without the state that `keep` refuses; the same part when it keeps all. */
export function keepState<T extends Part>(part: T, keep: (opaque: Opaque) => boolean): T {
  if (part.opaque === undefined) return part;
  const opaque = mapKept(part.opaque, (each) => (keep(each) ? each : undefined));
  return opaque === part.opaque ? part : without(part, "opaque", opaque.length === 0 ? undefined : { opaque });
}

/** A copy without one key. */
export function without<T extends object>(value: T, key: string, more?: object): T {
  const copy = { ...value, ...more };
  if (more === undefined) delete (copy as Record<string, unknown>)[key];
  return copy;
}

/**
 * The request without any replayed state: opaque data, item ids, and the reasoning that has no text besides. Visible text
 * stays. The same request when there is none, so that a retry would be in vain.
 */
export function stripOpaque(request: ModelRequest): ModelRequest {
  const messages = mapKept(request.messages, stripMessage);
  return messages === request.messages ? request : { ...request, messages };
}

function stripMessage(message: Message): Message | undefined {
  if (typeof message.content === "string") return message;
  const content = mapKept(message.content, (part) => {
    const bald = keepState(part, () => false);
    if (bald.type === "reasoning" && bald.text === "") return undefined;
    return bald.itemId === undefined ? bald : without(bald, "itemId");
  });
  if (content === message.content) return message;
  return content.length === 0 ? undefined : { ...message, content };
}

const REJECTION =
  /(?:thinking|thought|reasoning)[^]{0,99}signature|signature[^]{0,99}(?:thinking|thought|reasoning)|encrypted[ _]content|\bitem\b[^]{0,99}not found|without its required/i;
const OTHER_CAUSE = /cannot be modified|not supported|unsupported|unknown|unrecognized|\binclude\b/i;

/** Whether a provider refused the state that was replayed to it, so that one try without any state may succeed. */
export function isOpaqueRejection(error: CrosspointError): boolean {
  if (error.status !== 400 && error.status !== 404 && error.status !== 422) return false;
  const text = `${error.providerCode ?? ""} ${error.param ?? ""} ${error.message}`;
  return REJECTION.test(text) && !OTHER_CAUSE.test(text);
}
