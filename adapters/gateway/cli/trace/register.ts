/**
 * Loaded before a program that `crosspoint trace` runs. Where the program registers no OpenTelemetry SDK, its spans are written to a file, a line of
 * OTLP/JSON each, as soon as they end, so that none is lost however the program ends. An SDK of the program takes the place over.
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createFileTracer } from "./file-tracer.ts";

const API = Symbol.for("opentelemetry.js.api.1");

interface Registered {
  readonly version: string;
  trace?: unknown;
  context?: unknown;
  propagation?: unknown;
}

const PARTS = ["trace", "context", "propagation"] as const;

/** Copies of the API only register with one that has their very version, and only read from one that is no older. */
function apiVersion(): string {
  for (const from of [process.argv[1], `${process.cwd()}/program.js`]) {
    try {
      const main = createRequire(from!).resolve("@opentelemetry/api");
      const folder = /^.*[\\/]@opentelemetry[\\/]api[\\/]/.exec(main)![0];
      return (JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as { version: string }).version;
    } catch {
      // this place has none
    }
  }
  return "1.99.0";
}

function register(file: string): void {
  const space = globalThis as { [API]?: Registered };
  if (space[API] !== undefined) return;
  const own = createFileTracer(file, () => registered.context as typeof own.context);
  const registered: Registered = { version: apiVersion(), ...own };
  Object.defineProperty(globalThis, API, {
    configurable: true,
    get: () => registered,
    // The API assigns what it read whenever something is registered, and refuses what is there twice: make room, and come back where nothing came.
    set() {
      for (const part of PARTS) if (registered[part] === own[part]) delete registered[part];
      queueMicrotask(() => {
        for (const part of PARTS) registered[part] ??= own[part];
      });
    },
  });
}

const file = process.env["CROSSPOINT_TRACE_FILE"];
if (file !== undefined && file !== "") register(file);
