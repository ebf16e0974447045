import type { ClientCodec } from "../codec.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeStream } from "./encode-stream.ts";
import { encodeError } from "./errors.ts";
import { ID } from "./wire.ts";

/** The half that speaks to clients. */
export const client: ClientCodec = { id: ID, decodeRequest, encodeResponse, encodeStream, encodeError };
