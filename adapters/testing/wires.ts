import type { Wire } from "./types.ts";
import type { WireSide } from "./core/turn.ts";
import { answerAnthropic, anthropicFrames } from "./anthropic/answer.ts";
import { anthropicError, anthropicErrorFrame } from "./anthropic/errors.ts";
import { readAnthropic } from "./anthropic/read.ts";
import { checkAnthropic } from "./anthropic/rules.ts";
import { answerGemini, geminiFrames } from "./gemini/answer.ts";
import { geminiError, geminiErrorFrame } from "./gemini/errors.ts";
import { readGemini } from "./gemini/read.ts";
import { checkGemini } from "./gemini/rules.ts";
import { answerChat, chatFrames } from "./openai/chat-answer.ts";
import { readChat } from "./openai/chat-read.ts";
import { checkChat } from "./openai/chat-rules.ts";
import { chatErrorFrame, openaiError, responsesErrorFrame } from "./openai/errors.ts";
import { answerResponses, responsesFrames } from "./openai/responses-answer.ts";
import { expandResponses, readResponses } from "./openai/responses-read.ts";
import { checkResponses } from "./openai/responses-rules.ts";

/** The four providers behind one interface. */
export const WIRES: Readonly<Record<Wire, WireSide>> = {
  "openai-chat": {
    check: checkChat,
    read: readChat,
    answer: answerChat,
    frames: chatFrames,
    error: openaiError,
    errorFrame: chatErrorFrame,
  },
  "openai-responses": {
    expand: expandResponses,
    check: checkResponses,
    read: readResponses,
    answer: answerResponses,
    frames: responsesFrames,
    error: openaiError,
    errorFrame: responsesErrorFrame,
  },
  "anthropic-messages": {
    check: checkAnthropic,
    read: readAnthropic,
    answer: answerAnthropic,
    frames: anthropicFrames,
    error: anthropicError,
    errorFrame: anthropicErrorFrame,
  },
  gemini: {
    check: checkGemini,
    read: readGemini,
    answer: answerGemini,
    frames: geminiFrames,
    error: geminiError,
    errorFrame: geminiErrorFrame,
  },
};
