import { INSTRUMENTS, type Callback, type Instrument, type InstrumentOptions, type Maker, type Meter } from "./meter.ts";

interface Provider {
  getMeter(name: string): Partial<Readonly<Record<Maker, (name: string, options?: InstrumentOptions) => Partial<Instrument>>>>;
}

/** Where the API of OpenTelemetry registers what a program gives it, in every copy of it. */
const API = Symbol.for("opentelemetry.js.api.1");

function globalProvider(): Provider | undefined {
  return (globalThis as { [API]?: { readonly metrics?: Provider } })[API]?.metrics;
}

/** Meters that count in `own`, and in the provider that the program registers with OpenTelemetry, whenever it does. */
export function alsoGlobal(own: { getMeter(name: string): Meter }): { getMeter(name: string): Meter } {
  let known: Provider | undefined;
  const followers: (() => void)[] = [];
  const follow = (): void => {
    const provider = globalProvider();
    if (provider === known) return;
    known = provider;
    for (const follower of followers) follower();
  };
  const made = new Map<string, Instrument>();
  return {
    getMeter(scope) {
      const makers = (Object.keys(INSTRUMENTS) as Maker[]).map((maker) => {
        const make = (name: string, options?: InstrumentOptions): Instrument => {
          const key = `${maker} ${scope} ${name}`;
          const before = made.get(key);
          if (before !== undefined) return before;
          const mine = own.getMeter(scope)[maker](name, options);
          const callbacks = new Set<Callback>();
          let theirs: Partial<Instrument> | undefined;
          const renew = (): void => {
            theirs = known?.getMeter(scope)[maker]?.(name, options);
            for (const callback of callbacks) theirs?.addCallback?.(callback);
          };
          follow();
          followers.push(renew);
          renew();
          const both: Instrument = {
            add(value, attributes) {
              mine.add(value, attributes);
              follow();
              theirs?.add?.(value, attributes);
            },
            record(value, attributes) {
              mine.record(value, attributes);
              follow();
              theirs?.record?.(value, attributes);
            },
            addCallback(callback) {
              callbacks.add(callback);
              mine.addCallback(callback);
              theirs?.addCallback?.(callback);
            },
            removeCallback(callback) {
              callbacks.delete(callback);
              mine.removeCallback(callback);
              theirs?.removeCallback?.(callback);
            },
          };
          made.set(key, both);
          return both;
        };
        return [maker, make];
      });
      return Object.fromEntries(makers) as Meter;
    },
  };
}
