import { CrosspointError } from "../ir/error.ts";

/** Headers as options give them: fixed, or made anew for each call. `undefined` removes one. */
export type HeaderValues = Readonly<Record<string, string | undefined>> | undefined;

export function resolveHeaders(headers: HeaderValues | (() => HeaderValues | Promise<HeaderValues>)): HeaderValues | Promise<HeaderValues> {
  return typeof headers === "function" ? headers() : headers;
}

/** What HTTP allows in a header's name, and what it does not allow in its value (RFC 9110, section 5). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const BEYOND_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Lays `extra` over `headers`; names are compared without case, `undefined` removes. Throws INVALID_OPTIONS for what HTTP cannot carry. */
export function addHeaders(headers: Record<string, string>, extra: HeaderValues): void {
  if (extra === undefined) return;
  for (const name of Object.keys(extra)) {
    const value = extra[name];
    const key = name.toLowerCase();
    if (!NAME.test(name) || (value !== undefined && BEYOND_VALUE.test(value))) {
      const part = NAME.test(name) ? "value" : "name";
      throw new CrosspointError("INVALID_OPTIONS", `the header ${JSON.stringify(name)} has a ${part} that HTTP does not allow`, {
        param: "headers",
      });
    }
    for (const known of Object.keys(headers)) if (known.toLowerCase() === key) delete headers[known];
    if (value !== undefined) headers[key] = value;
  }
}
