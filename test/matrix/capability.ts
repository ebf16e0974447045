import type { Ask, Client, Conversation, Media, ToolOffer } from "./client.ts";
import { createRig, PROVIDERS, type Form, type Rig, type RigOptions, type Wire } from "./harness.ts";

/** One client on one provider, asking in one form. */
export interface Cell {
  readonly client: Client;
  readonly provider: Wire;
  readonly form: Form;
  /** Client and provider speak the same wire, and the layer is to decode and encode all the same. */
  readonly recode: boolean;
  /** Rigs that the check made, for what is looked at afterwards. */
  readonly rigs: Rig[];
}

/** A row of the matrix. `check` throws when the cell does not hold. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  /** What a mark in this row says. */
  readonly about: string;
  readonly forms: readonly Form[];
  /** Why a client cannot ask for this at all. */
  readonly cannot?: (client: Client, provider: Wire) => string | undefined;
  /** What the reader of a cell that holds should know besides. */
  readonly note?: (client: Client, provider: Wire) => string | undefined;
  check(cell: Cell): Promise<void>;
}

export function rigFor(cell: Cell, options: RigOptions = {}): Rig {
  const rig = createRig({ recode: cell.recode, ...options });
  cell.rigs.push(rig);
  return rig;
}

export function converse(cell: Cell, ask: Partial<Ask> = {}, rig: Rig = rigFor(cell)): { readonly rig: Rig; readonly talk: Conversation } {
  return { rig, talk: cell.client.start(rig, { model: PROVIDERS[cell.provider].model, ...ask }, cell.form) };
}

const object = (properties: Record<string, unknown>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export const WEATHER: ToolOffer = {
  name: "weather",
  description: "The weather in a city.",
  schema: object({ city: { type: "string", description: "Its name." } }),
};

export const CLOCK: ToolOffer = { name: "clock", description: "The time in a city.", schema: object({ city: { type: "string" } }) };

export const FORECAST = object({
  city: { type: "string" },
  degrees: { type: "integer" },
  sky: { type: "string", enum: ["clear", "cloudy"] },
});

/** A red pixel; 70 bytes. */
export const PIXEL: Media = {
  mediaType: "image/png",
  base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
};

const PDF_TEXT =
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/** An empty document. */
export const DOCUMENT: Media = { mediaType: "application/pdf", base64: btoa(PDF_TEXT) };

/** What the simulator says of a file that reached it. */
export function seen({ mediaType, base64 }: Media): string {
  return `[${mediaType} ${atob(base64).length} bytes]`;
}
