/** Headers as options give them: fixed, or made anew for each call. `undefined` removes one. */
export type HeaderValues = Readonly<Record<string, string | undefined>> | undefined;

export function resolveHeaders(headers: HeaderValues | (() => HeaderValues | Promise<HeaderValues>)): HeaderValues | Promise<HeaderValues> {
  return typeof headers === "function" ? headers() : headers;
}

/** Lays `extra` over `headers`; names are compared without case, `undefined` removes. */
export function addHeaders(headers: Record<string, string>, extra: HeaderValues): void {
  if (extra === undefined) return;
  for (const name of Object.keys(extra)) {
    const value = extra[name];
    const key = name.toLowerCase();
    for (const known of Object.keys(headers)) if (known.toLowerCase() === key) delete headers[known];
    if (value !== undefined) headers[key] = value;
  }
}
