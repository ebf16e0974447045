export { ChatCrosspoint } from "./chat-model.ts";
export type { ChatCrosspointCallOptions, ChatCrosspointFields, ChatCrosspointSettings, ResponseFormat } from "./options.ts";
