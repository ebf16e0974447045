import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";

/** Google's generateContent, on the Gemini API and on Vertex AI (quirk `vertex`). */
export const gemini: Codec = {
  id: "gemini",
  encodeRequest,
  decodeResponse,
  decodeStream,
  decodeError,
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeError,
};
