import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { CODEC } from "./wire.ts";

/** OpenAI Chat Completions and every host that speaks it: https://platform.openai.com/docs/api-reference/chat. */
export const openaiChat: Codec = {
  id: CODEC,
  encodeRequest,
  decodeResponse,
  decodeStream,
  decodeError,
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeError,
};
