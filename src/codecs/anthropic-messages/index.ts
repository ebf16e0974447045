import type { Codec } from "../codec.ts";
import { client } from "./client.ts";
import { provider } from "./provider.ts";

/** Anthropic's Messages API, versions 2023-06-01 and 2026-10-21. */
export const anthropicMessages: Codec = { ...provider, ...client };
