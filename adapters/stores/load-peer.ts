import { CrosspointError } from "crosspoint";

/** Loads a package that only one store needs; `load` imports it by its literal name, so that bundlers see it. */
export async function loadPeer<T>(feature: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause, name)) throw cause;
    throw new CrosspointError("INVALID_OPTIONS", `${feature} needs the package "${name}": npm install ${name}`, { cause });
  }
}

function isMissing(error: unknown, name: string): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes(`'${name}'`);
}
