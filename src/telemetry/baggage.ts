import type { Attribution } from "../spend/attribution.ts";
import { BAGGAGE_KEY, otel, type OtelContext } from "./otel.ts";

interface Entry {
  readonly value: string;
}

/** OpenTelemetry's baggage, by its shape. */
interface Baggage {
  getEntry(key: string): Entry | undefined;
  getAllEntries(): [string, Entry][];
  setEntry(key: string, entry: Entry): Baggage;
  removeEntry(key: string): Baggage;
  removeEntries(...keys: string[]): Baggage;
  clear(): Baggage;
}

const FIELDS = { user: "user.id", session: "session.id", team: "crosspoint.team.id", project: "crosspoint.project.id" } as const;
const NAMES = Object.entries(FIELDS) as [keyof typeof FIELDS, string][];
const MAX_TEXT = 512;

/** The attribution that came with the trace from another program. */
export function fromBaggage(context: OtelContext | undefined): Attribution | undefined {
  const baggage = context?.getValue(BAGGAGE_KEY) as Baggage | undefined;
  if (baggage === undefined) return undefined;
  const found = NAMES.map(([field, name]) => [field, baggage.getEntry(name)?.value] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value.length <= MAX_TEXT)) as Attribution;
}

/** Runs `body` where the attribution travels with whatever the program itself sends; what providers are sent has none. */
export function withBaggage<T>(attribution: Attribution, body: () => T): T {
  const context = otel()?.context;
  if (context === undefined) return body();
  const active = context.active();
  let baggage = (active.getValue(BAGGAGE_KEY) as Baggage | undefined) ?? baggageOf(new Map());
  for (const [field, name] of NAMES) {
    const value = attribution[field];
    if (value !== undefined) baggage = baggage.setEntry(name, { value });
  }
  return context.with(active.setValue(BAGGAGE_KEY, baggage), body);
}

function baggageOf(entries: ReadonlyMap<string, Entry>): Baggage {
  const without = (...keys: string[]): Baggage => baggageOf(new Map([...entries].filter(([key]) => !keys.includes(key))));
  return {
    getEntry: (key) => entries.get(key),
    getAllEntries: () => [...entries],
    setEntry: (key, entry) => baggageOf(new Map(entries).set(key, entry)),
    removeEntry: without,
    removeEntries: without,
    clear: () => baggageOf(new Map()),
  };
}
