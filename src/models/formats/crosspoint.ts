import { isObject } from "../is-object.ts";
import { faultOf } from "../check-price.ts";
import type { Price } from "../price.ts";
import { type Fields, type ListedModel, present, type PriceList, type RefusedPrice, tokens } from "./list.ts";

const KNOWN = ["price", "contextWindow", "maxOutput", "input", "reasoning"];

/** Our own form: `{ "crosspoint": 1, "date": "2026-11-20", "models": { "openai/gpt-5": { "price": { "input": 1.25, "output": 10 } } } }`. */
export function readOwn(document: Fields): PriceList {
  const models: ListedModel[] = [];
  const refused: RefusedPrice[] = [];
  const listed = isObject(document["models"]) ? document["models"] : {};
  for (const [model, entry] of Object.entries(listed)) {
    const slash = model.indexOf("/");
    const fault = slash < 1 ? "is no provider/model" : !isObject(entry) ? "is no object" : faultOfEntry(entry);
    if (fault !== undefined || !isObject(entry)) {
      refused.push({ model, reason: fault ?? "is no object" });
      continue;
    }
    const facts = present({
      price: entry["price"] as Price | undefined,
      contextWindow: tokens(entry["contextWindow"]),
      maxOutput: tokens(entry["maxOutput"]),
      input: entry["input"] as readonly "image"[] | undefined,
      reasoning: entry["reasoning"] as boolean | undefined,
    });
    models.push({ provider: model.slice(0, slash), id: model.slice(slash + 1), ...facts });
  }
  const date = document["date"];
  return { format: "crosspoint", ...(typeof date === "string" && { date }), models, refused, unused: {} };
}

function faultOfEntry(entry: Fields): string | undefined {
  const other = Object.keys(entry).find((name) => !KNOWN.includes(name));
  if (other !== undefined) return `${other} is unknown; there are: ${KNOWN.join(", ")}`;
  const { price, contextWindow, maxOutput, input, reasoning } = entry;
  const fault = price === undefined ? undefined : faultOf(price);
  if (fault !== undefined) return `price${fault}`;
  for (const [name, value] of Object.entries({ contextWindow, maxOutput })) {
    if (value !== undefined && tokens(value) === undefined) return `${name} must be a number of tokens`;
  }
  if (input !== undefined && !(Array.isArray(input) && input.every((one) => one === "image"))) return 'input must be [] or ["image"]';
  return reasoning === undefined || typeof reasoning === "boolean" ? undefined : "reasoning must be true or false";
}
