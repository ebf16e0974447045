import { CrosspointError } from "crosspoint";

/** Where something stands in a file: the keys and positions that lead to it. */
export type Trail = readonly (string | number)[];

/** Something that is wrong with a config file, or that its reader should know. */
export interface ConfigProblem {
  /** Errors keep the gateway from starting. */
  readonly level: "error" | "warning";
  /** `crosspoint.yaml:3:5`. */
  readonly place: string;
  readonly message: string;
}

/** Gathers problems, each once. */
export interface Report {
  readonly problems: readonly ConfigProblem[];
  readonly failed: boolean;
  error(place: string, message: string): void;
  warn(place: string, message: string): void;
}

export function createReport(): Report {
  const problems: ConfigProblem[] = [];
  const add = (level: ConfigProblem["level"], place: string, message: string): void => {
    if (!problems.some((each) => each.place === place && each.message === message)) problems.push({ level, place, message });
  };
  return {
    problems,
    get failed() {
      return problems.some(({ level }) => level === "error");
    },
    error: (place, message) => add("error", place, message),
    warn: (place, message) => add("warning", place, message),
  };
}

/** `crosspoint.yaml:3:5: what is wrong`. */
export function toPlaced({ place, message }: ConfigProblem): string {
  return `${place}: ${message}`;
}

/** The same for a list of errors and warnings. */
export function toLine(problem: ConfigProblem): string {
  return (problem.level === "warning" ? "warning: " : "") + toPlaced(problem);
}

/** The errors as one INVALID_OPTIONS; with a single one, as that. */
export function toError(problems: readonly ConfigProblem[]): CrosspointError {
  const lines = problems.filter(({ level }) => level === "error").map(toLine);
  return new CrosspointError("INVALID_OPTIONS", lines.length === 1 ? lines[0]! : `${lines.length} mistakes:\n  ${lines.join("\n  ")}`);
}
