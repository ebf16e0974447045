import {
  INSTRUMENTS,
  type Callback,
  type Instrument,
  type InstrumentOptions,
  type Maker,
  type Meter,
  type MeterProvider,
} from "./meter.ts";

/**
 * Meter providers for layers that take turns: what one observes is let go as soon as the next observes something. Counts go on.
 */
export function inTurns(provider: MeterProvider): () => MeterProvider {
  let letGo = (): void => {};
  return () => {
    const undo: (() => void)[] = [];
    const observes = (instrument: Instrument) => (callback: Callback) => {
      if (undo.length === 0) {
        letGo();
        letGo = () => undo.forEach((each) => each());
      }
      undo.push(() => instrument.removeCallback(callback));
      instrument.addCallback(callback);
    };
    return {
      getMeter(scope) {
        const meter = provider.getMeter(scope) as Meter;
        const makers = (Object.keys(INSTRUMENTS) as Maker[]).map((maker) => [
          maker,
          (name: string, options?: InstrumentOptions): Instrument => {
            const instrument = meter[maker](name, options);
            return { ...instrument, addCallback: observes(instrument) };
          },
        ]);
        return Object.fromEntries(makers) as Meter;
      },
    };
  };
}
