/** The size and type of a file in a prompt, as the automatic answer names it: `image/png 70 bytes`. */
export function describeBase64(mediaType: string, base64: string): string {
  return `${mediaType} ${Buffer.from(base64, "base64").length} bytes`;
}

/** A data URL's description, or that of a link. */
export function describeUrl(url: string, fallbackType: string): string {
  const match = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/s.exec(url);
  return match === null ? `${fallbackType} ${url}` : describeBase64(match[1] ?? fallbackType, match[2] ?? "");
}

/** What a file costs in tokens, whatever its size. */
export const MEDIA_TOKENS = 258;

/** Whether a string is base64 a provider would decode. */
export function isBase64(source: string): boolean {
  return source !== "" && source.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(source);
}

const SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ["image/png", /^\x89PNG/],
  ["image/jpeg", /^\xFF\xD8\xFF/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["application/pdf", /^%PDF/],
];

/** The type of a file by its first bytes, among those providers look for. */
export function sniff(base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 24), "base64").toString("latin1");
  return SIGNATURES.find(([, pattern]) => pattern.test(head))?.[0];
}
