import type { ClientCodec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { encodeError } from "./errors.ts";
import { CODEC } from "./wire.ts";

/** The half that speaks to clients. */
export const client: ClientCodec = { id: CODEC, decodeRequest, encodeResponse, encodeStream, encodeError };
