import { CrosspointError } from "../../ir/error.ts";
import { isObject } from "../is-object.ts";
import { readOwn } from "./crosspoint.ts";
import { type Fields, type PriceFormat, type PriceList } from "./list.ts";
import { readLitellm } from "./litellm.ts";
import { readModelsDev } from "./models-dev.ts";

const READERS = { crosspoint: readOwn, litellm: readLitellm, "models.dev": readModelsDev } satisfies Record<
  PriceFormat,
  (document: Fields) => PriceList
>;

/** Reads a list, JSON or its text. Throws BAD_RESPONSE for what is none; single entries that are wrong are listed in `refused`. */
export function readPriceList(given: unknown, format?: PriceFormat): PriceList {
  const document = typeof given === "string" ? parse(given) : given;
  if (!isObject(document)) throw wrong("is no JSON object");
  const found = format ?? detect(document);
  if (found === undefined) throw wrong("is neither ours, nor LiteLLM's, nor that of models.dev: name its format");
  const list = READERS[found](document);
  if (list.models.length === 0 && list.refused.length === 0) throw wrong(`has no models in the format ${found}`);
  return list;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong("is no JSON", cause);
  }
}

function detect(document: Fields): PriceFormat | undefined {
  if ("crosspoint" in document) return "crosspoint";
  const some = Object.values(document).filter(isObject).slice(0, 20);
  if (some.some((entry) => typeof entry["litellm_provider"] === "string")) return "litellm";
  return some.some((entry) => isObject(entry["models"])) ? "models.dev" : undefined;
}

function wrong(problem: string, cause?: unknown): CrosspointError {
  return new CrosspointError("BAD_RESPONSE", `the price list ${problem}`, { param: "catalogue", ...(cause !== undefined && { cause }) });
}
