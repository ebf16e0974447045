import { any, array, boolean, decimal, fields, freeObject, integer, matching, oneOf, string, type Shape } from "../core/shape.ts";

const functionName = matching(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/);
const blob = fields({ "mimeType!": string, "data!": string, displayName: string });
const fileData = fields({ "fileUri!": string, mimeType: string, displayName: string });

const part = fields({
  text: string,
  thought: boolean,
  thoughtSignature: string,
  inlineData: blob,
  fileData,
  functionCall: fields({ "name!": functionName, args: freeObject, id: string }),
  functionResponse: fields({
    "name!": functionName,
    "response!": freeObject,
    id: string,
    parts: array(fields({ inlineData: blob, fileData })),
    willContinue: boolean,
    scheduling: string,
  }),
  executableCode: freeObject,
  codeExecutionResult: freeObject,
  toolCall: freeObject,
  toolResponse: freeObject,
  videoMetadata: freeObject,
  mediaResolution: freeObject,
  partMetadata: freeObject,
  audioTranscription: freeObject,
  mediaProcessing: freeObject,
  speechMetadata: freeObject,
});

const content = fields({ role: string, parts: array(part) });

const declaration = fields({
  "name!": functionName,
  description: string,
  parameters: freeObject,
  parametersJsonSchema: any,
  response: freeObject,
  responseJsonSchema: any,
  behavior: string,
});

const tool = fields({
  functionDeclarations: array(declaration, 512),
  googleSearch: freeObject,
  googleSearchRetrieval: freeObject,
  codeExecution: freeObject,
  urlContext: freeObject,
  googleMaps: freeObject,
  computerUse: freeObject,
  fileSearch: freeObject,
  mcpServers: array(freeObject),
});

const generationConfig: Shape = fields({
  temperature: decimal(0, 2),
  topP: decimal(0, 1),
  topK: decimal(1),
  candidateCount: integer(1, 8),
  maxOutputTokens: integer(1),
  stopSequences: array(string, 5),
  responseLogprobs: boolean,
  logprobs: integer(0, 20),
  presencePenalty: decimal(-2, 2),
  frequencyPenalty: decimal(-2, 2),
  seed: integer(),
  responseMimeType: string,
  responseSchema: freeObject,
  responseJsonSchema: any,
  responseModalities: array(string),
  mediaResolution: string,
  speechConfig: freeObject,
  thinkingConfig: fields({
    includeThoughts: boolean,
    thinkingBudget: integer(-1),
    thinkingLevel: oneOf("MINIMAL", "LOW", "MEDIUM", "HIGH", "THINKING_LEVEL_UNSPECIFIED", "minimal", "low", "medium", "high"),
  }),
  imageConfig: freeObject,
  audioTranscriptionConfig: freeObject,
  enableEnhancedCivicAnswers: boolean,
  routingConfig: freeObject,
  audioTimestamp: boolean,
});

export const GEMINI = fields({
  "contents!": array(content, undefined, 1),
  systemInstruction: content,
  generationConfig: generationConfig,
  tools: array(tool),
  toolConfig: fields({
    functionCallingConfig: fields({
      mode: oneOf("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"),
      allowedFunctionNames: array(string),
      streamFunctionCallArguments: boolean,
    }),
    retrievalConfig: freeObject,
    includeServerSideToolInvocations: boolean,
  }),
  safetySettings: array(fields({ "category!": string, "threshold!": string, method: string })),
  cachedContent: string,
  labels: freeObject,
  serviceTier: string,
  store: boolean,
  continuationToken: string,
  model: string,
});
