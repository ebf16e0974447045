import type { FilePart } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { maybe, string } from "./wire.ts";

/** The picture of a finished `image_generation_call` item. */
export function imageFile(item: JSONObject): FilePart | undefined {
  const base64 = string(item["result"]);
  if (item["type"] !== "image_generation_call" || !base64) return undefined;
  const format = string(item["output_format"]) ?? "png";
  const mediaType = `image/${format === "svg" ? "svg+xml" : format}`;
  return { type: "file", mediaType, data: { type: "base64", base64 }, ...maybe("itemId", string(item["id"])) };
}
