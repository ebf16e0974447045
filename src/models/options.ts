import { CrosspointError } from "../ir/error.ts";
import { faultOf } from "./check-price.ts";
import type { PriceFormat } from "./formats/list.ts";
import { isObject } from "./is-object.ts";
import type { Price } from "./price.ts";

/** A price list that is loaded at run time and put over what the package brings. */
export interface CatalogueOptions {
  /** Where it is downloaded; exactly one of `url`, `file` and `data`. At the first call, in the background: calls do not wait for it. */
  readonly url?: string;
  /** The path of a JSON file, where the runtime has files. */
  readonly file?: string;
  /** The list itself, its JSON text, or a function that gives either. */
  readonly data?: unknown;
  /** Default: found out. */
  readonly format?: PriceFormat;
  /** Milliseconds until it is loaded again, 1,000 at least. Default: it is loaded once. */
  readonly refreshMs?: number;
}

const KEYS = ["url", "file", "data", "format", "refreshMs"];
const FORMATS = ["crosspoint", "litellm", "models.dev"];

/** Throws INVALID_OPTIONS that names the price or the field at fault. */
export function checkPriceOptions({ prices, catalogue }: { readonly prices?: unknown; readonly catalogue?: unknown }): void {
  if (prices !== undefined) {
    if (!isObject(prices)) throw invalid("prices", ' must be an object, as { "openai/gpt-5": { input: 1.25, output: 10 } }');
    for (const [name, price] of Object.entries(prices)) checkPrice(price, `prices[${JSON.stringify(name)}]`);
  }
  if (catalogue === undefined) return;
  if (!isObject(catalogue)) throw invalid("catalogue", ' must be an object, as { url: "https://…" }');
  const other = Object.keys(catalogue).find((key) => !KEYS.includes(key));
  if (other !== undefined) throw invalid(`catalogue.${other}`, ` is unknown; there are: ${KEYS.join(", ")}`);
  const { url, file, data, format, refreshMs } = catalogue;
  if ([url, file, data].filter((each) => each !== undefined).length !== 1)
    throw invalid("catalogue", " must have one of url, file and data");
  if (file !== undefined && (typeof file !== "string" || file === "")) throw invalid("catalogue.file", " must be a path");
  if (url !== undefined && !(typeof url === "string" && /^https?:/.test(url) && URL.canParse(url))) {
    throw invalid("catalogue.url", " must be an http(s) URL");
  }
  if (format !== undefined && !FORMATS.includes(format as string))
    throw invalid("catalogue.format", ` must be one of ${FORMATS.join(", ")}`);
  if (refreshMs !== undefined && !(typeof refreshMs === "number" && refreshMs >= 1_000)) {
    throw invalid("catalogue.refreshMs", " must be a number of milliseconds, 1000 at least");
  }
}

/** Throws INVALID_OPTIONS for what is no price. */
export function checkPrice(price: unknown, at: string): asserts price is Price {
  const fault = faultOf(price);
  if (fault !== undefined) throw invalid(at, fault);
}

function invalid(param: string, problem: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", param + problem, { param });
}
