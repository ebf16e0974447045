import type { Opaque } from "../../ir/content.ts";
import type { Target } from "../../ir/target.ts";
import { GOOGLE, THOUGHT_SIGNATURE } from "./wire.ts";

const SEALED = "xp1.";

/** A signature as the provider sent it. */
export function signatureOf(data: unknown, target: Target): Opaque | undefined {
  if (typeof data !== "string" || data === "") return undefined;
  return { family: target.family, model: target.model, kind: THOUGHT_SIGNATURE, data };
}

/** A signature as a client sent it back: our envelope, or the provider's own. */
export function clientSignature(data: unknown): { readonly opaque: readonly Opaque[] } | undefined {
  if (typeof data !== "string" || data === "") return undefined;
  const sealed = data.startsWith(SEALED);
  return { opaque: [sealed ? { family: "sealed", kind: "sealed", data } : { family: GOOGLE, kind: THOUGHT_SIGNATURE, data }] };
}

/** What goes back to the provider with a part. */
export function ownSignature(opaque: readonly Opaque[] | undefined, target: Target): string | undefined {
  return opaque?.find((each) => each.family === target.family && each.kind === THOUGHT_SIGNATURE)?.data;
}

/** What a client keeps for us: the provider's own signature, or the envelope of another's state. */
export function carriedSignature(opaque: readonly Opaque[] | undefined): string | undefined {
  const own = opaque?.find((each) => each.family === GOOGLE && each.kind === THOUGHT_SIGNATURE);
  return own?.data ?? opaque?.find((each) => each.sealed !== undefined)?.sealed;
}
