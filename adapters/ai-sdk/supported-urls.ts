import { familyOf } from "./file-data.ts";

const WEB = /^https?:\/\/.*$/;

/** What providers fetch by themselves. */
const URLS: Readonly<Record<string, Record<string, RegExp[]>>> = {
  openai: { "image/*": [WEB], "application/pdf": [WEB] },
  "openai-chat": { "image/*": [WEB] },
  anthropic: { "image/*": [/^https:\/\/.*$/], "application/pdf": [/^https:\/\/.*$/] },
  google: {
    "*/*": [
      /^https:\/\/generativelanguage\.googleapis\.com\/[^/]+\/files\/.*$/,
      /^https:\/\/(?:www\.)?youtube\.com\/watch\?v=[\w-]+(?:&[\w=&.-]*)?$/,
      /^https:\/\/youtu\.be\/[\w-]+(?:\?[\w=&.-]*)?$/,
    ],
  },
};

/** The URLs that the provider of a model string takes; none for a group, whose members differ. */
export function supportedUrlsOf(modelId: string): Record<string, RegExp[]> {
  const provider = familyOf(modelId.slice(0, Math.max(0, modelId.indexOf("/"))));
  return Object.hasOwn(URLS, provider) ? URLS[provider]! : {};
}
