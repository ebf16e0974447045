import type { CodecId } from "../ir/target.ts";
import { anthropicMessages } from "./anthropic-messages/index.ts";
import type { Codec } from "./codec.ts";
import { gemini } from "./gemini/index.ts";
import { openaiChat } from "./openai-chat/index.ts";
import { openaiResponses } from "./openai-responses/index.ts";

/** Every wire format, by id. */
export const codecs: Readonly<Record<CodecId, Codec>> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
  gemini,
};

export { anthropicMessages, gemini, openaiChat, openaiResponses };
export type {
  ClientCodec,
  ClientRequest,
  ClientRoute,
  Codec,
  DecodeContext,
  EncodeContext,
  EncodedError,
  EncodedRequest,
  ProviderCodec,
  StreamDecoder,
  StreamEncoder,
} from "./codec.ts";
export { prepareHistory, type Prepared } from "./prepare-history.ts";
