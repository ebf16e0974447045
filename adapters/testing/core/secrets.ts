const SECRET_HEADERS = new Set([
  "authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "cookie",
  "set-cookie",
  "proxy-authorization",
  "openai-organization",
  "openai-project",
  "anthropic-organization-id",
  "anthropic-workspace-id",
  "x-goog-user-project",
]);
const SECRET_QUERY = ["key", "api_key", "access_token"];

/** Headers without keys, cookies and account ids. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())));
}

/** A URL without keys in its query or its user part. */
export function withoutSecretQuery(source: string): URL {
  const url = new URL(source);
  for (const name of SECRET_QUERY) url.searchParams.delete(name);
  url.username = "";
  url.password = "";
  return url;
}
