/** A model's generation as a number, 4.6 for `claude-sonnet-4-6`; undefined for names of no known form. */
export function claudeVersion(model: string): number | undefined {
  const match = /claude-(?:[a-z]+-)(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? /claude-(\d)(?:[-.](\d))?-/.exec(model);
  return match === null ? undefined : Number(match[1]) + Number(match[2] ?? 0) / 10;
}

/** Whether the model's generation is at least this one; an unknown name counts as the newest. */
export function atLeast(model: string, version: number): boolean {
  return (claudeVersion(model) ?? Infinity) >= version;
}

const OUTPUT_LIMITS: readonly (readonly [RegExp, number])[] = [
  [/claude-3-(opus|sonnet|haiku)|claude-2/, 4096],
  [/claude-3-5/, 8192],
  [/claude-opus-4(-[01]|-2025|$)/, 32_000],
  [/claude-(opus|sonnet|haiku)-4-5|claude-sonnet-4(-0|-2025|$)|claude-3-7/, 64_000],
];

/** The largest `max_tokens` a model takes. */
export function maxOutput(model: string): number {
  return OUTPUT_LIMITS.find(([pattern]) => pattern.test(model))?.[1] ?? 128_000;
}
