const REDACTED = "[REDACTED]";
/** Names of fields that hold secrets. Counts of tokens are none. */
const NAMES =
  /(?:api|master|access|secret|private|signing)[-_]?key|authorization|passw(?:or)?d|secret|cookie|credential|(?:^|[-_]|access|auth|bearer|refresh)token$/i;
/** How providers' keys, bearer tokens and passwords in URLs look. */
const SHAPES =
  /\b(?:sk|pk|rk|gsk|xai|hf|r8|pplx|fw|nvapi|csk|tgp|ghp|github_pat)[-_][\w-]{8,}|\bAIza[\w-]{20,}|\bAKIA[A-Z\d]{12,}|(?<=\bBearer\s+)[^\s"',]+|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;
/** A shorter text may stand anywhere by chance. */
const MIN_SECRET = 8;

export interface Redaction {
  text(text: string): string;
  /** The fields as JSON has them. */
  fields(fields: object): Readonly<Record<string, unknown>>;
}

/** Blanks out secrets: the given ones, what is named like one, and what looks like one. */
export function createRedaction(secrets: readonly string[]): Redaction {
  const known = secrets.filter(({ length }) => length >= MIN_SECRET).toSorted((a, b) => b.length - a.length);
  const text = (words: string): string => {
    let clean = words;
    for (const secret of known) clean = clean.replaceAll(secret, REDACTED);
    return clean.replace(SHAPES, REDACTED);
  };
  const replace = (name: string, value: unknown): unknown => {
    if (value instanceof Error) return text(value.message);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "string") return value;
    return NAMES.test(name) ? REDACTED : text(value);
  };
  return {
    text,
    fields(fields) {
      try {
        return JSON.parse(JSON.stringify(fields, replace)) as Readonly<Record<string, unknown>>;
      } catch {
        return { fields: "no JSON" };
      }
    },
  };
}

/** The values of variables that are named like secrets. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /(?:KEY|TOKEN|SECRET|PASSWORD)S?(?:_\d+)?$/i.test(name) ? [value] : [],
  );
}
