import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse, decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";

/** Anthropic's Messages API, versions 2023-06-01 and 2026-10-21. */
export const anthropicMessages: Codec = {
  id: "anthropic-messages",
  encodeRequest,
  decodeResponse,
  decodeStream,
  decodeError,
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeError,
};
