import type { ProviderCodec } from "../codec.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { decodeError } from "./errors.ts";
import { CODEC } from "./wire.ts";

/** The half that speaks to providers. */
export const provider: ProviderCodec = { id: CODEC, encodeRequest, decodeResponse, decodeStream, decodeError };
