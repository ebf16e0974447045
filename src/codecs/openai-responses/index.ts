import type { Codec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { decodeError, encodeError } from "./errors.ts";
import { ID } from "./wire.ts";

/** The OpenAI Responses API and its relatives (xAI, LM Studio, vLLM). */
export const openaiResponses: Codec = {
  id: ID,
  encodeRequest,
  decodeResponse,
  decodeStream,
  decodeError,
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeError,
};
