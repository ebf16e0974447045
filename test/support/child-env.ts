import { fileURLToPath } from "node:url";

/** What programs that tests start get of the environment; they share what Node has compiled, which is half of their start. */
export const childEnv = {
  PATH: process.env["PATH"]!,
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url)),
};
