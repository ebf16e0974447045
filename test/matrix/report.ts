import { FORMS, WIRES, type Form, type Wire } from "./harness.ts";
import { CAPABILITIES, checkCell, CLIENTS, HELPERS } from "./matrix.ts";

/** What one run of the matrix gave, in plain data. */
export interface MatrixReport {
  readonly clients: readonly { readonly title: string; readonly capabilities: readonly Row[]; readonly helpers: readonly Row[] }[];
}

export interface Row {
  readonly title: string;
  readonly about: string;
  readonly cells: readonly {
    readonly provider: Wire;
    readonly outcomes: readonly Outcome[];
    readonly reason?: string;
    readonly note?: string;
  }[];
}

export interface Outcome {
  readonly form: Form;
  readonly error?: string;
}

const runs = new Map<string, Promise<void>>();

/** Checks one cell in one form; once in a run, however often it is asked for. */
export function runCell(wire: Wire, provider: Wire, id: string, form: Form): Promise<void> {
  const key = [wire, provider, id, form].join();
  let run = runs.get(key);
  if (run === undefined) {
    const client = CLIENTS.find((each) => each.wire === wire)!;
    const capability = [...CAPABILITIES, ...HELPERS[wire]].find((each) => each.id === id)!;
    run = checkCell(capability, { client, provider, form });
    runs.set(key, run);
  }
  return run;
}

/** The whole matrix, each cell checked. */
export async function runMatrix(): Promise<MatrixReport> {
  const outcome = async (...cell: Parameters<typeof runCell>): Promise<Outcome> => {
    const form = cell[3];
    try {
      await runCell(...cell);
      return { form };
    } catch (error) {
      return { form, error: (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, 300) };
    }
  };
  const clients = [];
  for (const client of CLIENTS) {
    const rows = async (capabilities: typeof CAPABILITIES): Promise<Row[]> => {
      const found: Row[] = [];
      for (const { id, title, about, forms, cannot, note } of capabilities) {
        const cells: Row["cells"][number][] = [];
        for (const provider of WIRES) {
          const reason = cannot?.(client, provider);
          const said = note?.(client, provider);
          const outcomes: Outcome[] = [];
          for (const form of FORMS) {
            if (reason === undefined && forms.includes(form)) outcomes.push(await outcome(client.wire, provider, id, form));
          }
          cells.push({ provider, outcomes, ...(reason === undefined ? {} : { reason }), ...(said === undefined ? {} : { note: said }) });
        }
        found.push({ title, about, cells });
      }
      return found;
    };
    clients.push({ title: client.title, capabilities: await rows(CAPABILITIES), helpers: await rows(HELPERS[client.wire]) });
  }
  return { clients };
}
