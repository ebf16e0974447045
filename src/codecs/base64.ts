/** Most bytes that one call of `String.fromCharCode` is given; engines bound the number of arguments. */
const CHUNK = 0x8000;

/** Bytes as base64, without help of the platform's buffers. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
