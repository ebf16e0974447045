import { createHmac } from "node:crypto";
import { isObject, parseJson } from "./json.ts";

/** Opaque state a provider hands out and takes back only unaltered. */
export interface Signer {
  /** Base64 text bound to the model and to what it accompanies; `data` travels inside. */
  sign(model: string, subject: string, data?: string): string;
  verify(token: string, model: string, subject: string): "valid" | "foreign" | "other-model" | "altered";
  /** What `sign` was given as `data`, or nothing for a token that is not ours. */
  open(token: string): string | undefined;
}

export function createSigner(secret: string): Signer {
  const mac = (model: string, subject: string, data: string) =>
    createHmac("sha256", secret)
      .update(JSON.stringify([model, subject, data]))
      .digest("base64url");
  const unpack = (token: string): { readonly model: string; readonly data: string; readonly mac: string } | undefined => {
    const value = parseJson(Buffer.from(token, "base64").toString("utf8"))?.value;
    if (!isObject(value) || typeof value["m"] !== "string" || typeof value["d"] !== "string" || typeof value["s"] !== "string")
      return undefined;
    return { model: value["m"], data: value["d"], mac: value["s"] };
  };
  return {
    sign(model, subject, data = "") {
      return Buffer.from(JSON.stringify({ m: model, d: data, s: mac(model, subject, data) })).toString("base64");
    },
    verify(token, model, subject) {
      const parts = unpack(token);
      if (parts === undefined || Buffer.from(token, "base64").toString("base64") !== token) return "foreign";
      if (parts.mac !== mac(parts.model, subject, parts.data)) return "altered";
      return parts.model === model ? "valid" : "other-model";
    },
    open(token) {
      return unpack(token)?.data;
    },
  };
}
