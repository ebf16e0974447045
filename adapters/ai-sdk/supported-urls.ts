import type { Addressee } from "./addressee.ts";

const WEB = /^https?:\/\/.*$/;
const PICTURES: Record<string, RegExp[]> = { "image/*": [WEB] };
const DOCUMENTS: Record<string, RegExp[]> = { ...PICTURES, "application/pdf": [WEB] };

/** What providers fetch by themselves. */
const URLS: Readonly<Record<string, Record<string, RegExp[]>>> = {
  openai: DOCUMENTS,
  "openai-chat": PICTURES,
  anthropic: DOCUMENTS,
  google: {
    "*/*": [
      /^https:\/\/generativelanguage\.googleapis\.com\/[^/]+\/files\/.*$/,
      /^https:\/\/(?:www\.)?youtube\.com\/watch\?v=[\w-]+(?:&[\w=&.-]*)?$/,
      /^https:\/\/youtu\.be\/[\w-]+(?:\?[\w=&.-]*)?$/,
    ],
  },
};

const NONE: Record<string, RegExp[]> = {};

/** The URLs that every provider which may answer takes; the AI SDK downloads all others, so that any of them can. */
export function supportedUrlsOf(to: Addressee): Record<string, RegExp[]> {
  const [first = NONE, ...others] = to.deployments().map(({ provider }) => (Object.hasOwn(URLS, provider) ? URLS[provider]! : NONE));
  if (others.length === 0) return first;
  const shared = Object.entries(first).filter(([mediaType]) => others.every((other) => other[mediaType] === first[mediaType]));
  return Object.fromEntries(shared);
}
