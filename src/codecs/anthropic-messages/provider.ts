import type { ProviderCodec } from "../codec.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { decodeError } from "./errors.ts";

/** The half that speaks to providers. */
export const provider: ProviderCodec = { id: "anthropic-messages", encodeRequest, decodeResponse, decodeStream, decodeError };
