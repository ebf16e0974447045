export { ChatCrosspoint } from "./chat-model.ts";
export type { ChatCrosspointCallOptions, ChatCrosspointFields, ChatCrosspointSettings, ResponseFormat } from "./options.ts";
export { fromLangChain } from "./from/from-langchain.ts";
