import { createHash, timingSafeEqual } from "node:crypto";
import { CrosspointError } from "crosspoint";

/** Headers in which clients send their key; the wires' own ones, Azure's, and LiteLLM's. `authorization` is read besides. */
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key", "x-litellm-api-key"];

/** Refuses who does not know the key. Throws AUTHENTICATION. */
export type Guard = (headers: Headers, url: URL) => void;

/** Asks for a key; none is asked for when there is none. Throws INVALID_OPTIONS for a key that no header can carry. */
export function createGuard(masterKey: string | undefined): Guard | undefined {
  if (masterKey === undefined) return undefined;
  if (typeof masterKey !== "string" || !/^[\x21-\x7e]+$/.test(masterKey)) {
    throw new CrosspointError("INVALID_OPTIONS", "masterKey must be a text of visible ASCII characters without spaces", {
      param: "masterKey",
    });
  }
  const expected = digest(masterKey);
  return function guard(headers, url) {
    const keys = presented(headers, url);
    // Hashes have one length, and all are compared: the time tells nothing of the key.
    const matches = keys.filter((key) => timingSafeEqual(digest(key), expected));
    if (matches.length > 0) return;
    const what = keys.length === 0 ? "this gateway asks for a key and none was sent" : "the key that was sent is not this gateway's";
    throw new CrosspointError("AUTHENTICATION", `${what}: send its master key as ${wayOf(headers, url)}`, { retryable: false });
  };
}

/** Takes out what only the gateway is to see. */
export function withoutKeys(headers: Headers, url: URL): void {
  for (const name of ["authorization", ...KEY_HEADERS]) headers.delete(name);
  if (url.searchParams.has("key")) url.searchParams.delete("key");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function presented(headers: Headers, url: URL): readonly string[] {
  const bearer = /^(?:bearer\s+)?(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const keys = [bearer, url.searchParams.get("key"), ...KEY_HEADERS.map((name) => headers.get(name))];
  return keys.filter((key) => key !== undefined && key !== null && key !== "").map((key) => key!.replace(/^bearer\s+/i, "").trim());
}

/** How the client that asks would send a key. */
function wayOf(headers: Headers, url: URL): string {
  if (headers.has("anthropic-version") || /\/messages(\/|$)/.test(url.pathname)) return '"x-api-key: KEY" or "Authorization: Bearer KEY"';
  return /^\/v1(beta|alpha)\//.test(url.pathname) ? '"x-goog-api-key: KEY"' : '"Authorization: Bearer KEY"';
}
