export { createOpenAI, type OpenAIOptions } from "./client.ts";
export { crosspointOf, type CrosspointInfo } from "./crosspoint-field.ts";
export { openaiFetch, type OpenAIFetchOptions } from "./fetch.ts";
