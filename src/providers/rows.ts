import { alibaba } from "./alibaba.ts";
import { anthropic } from "./anthropic.ts";
import { deepseek } from "./deepseek.ts";
import { fireworks } from "./fireworks.ts";
import { google } from "./google.ts";
import { groq } from "./groq.ts";
import { localProviders } from "./local.ts";
import { codestral, mistral } from "./mistral.ts";
import { moonshot, moonshotChina } from "./moonshot.ts";
import { openai, openaiChat } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import { perplexity } from "./perplexity.ts";
import type { ProviderRow } from "./provider.ts";
import { publicai } from "./publicai.ts";
import { vercel } from "./vercel.ts";
import { xai, xaiChat } from "./xai.ts";

/** The rows that are more than a line of the table of compatible hosts. */
export const ROWS: readonly ProviderRow[] = [
  openai,
  openaiChat,
  anthropic,
  google,
  mistral,
  codestral,
  groq,
  deepseek,
  xai,
  xaiChat,
  openrouter,
  vercel,
  perplexity,
  moonshot,
  moonshotChina,
  alibaba,
  fireworks,
  publicai,
  ...localProviders,
];
