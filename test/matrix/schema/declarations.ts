import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** A type as a declaration file writes it, as far as data needs. */
export type Type =
  | { readonly kind: "any" }
  | { readonly kind: "primitive"; readonly name: "string" | "number" | "boolean" | "null" | "undefined" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly of: Type }
  | { readonly kind: "union" | "intersection"; readonly of: readonly Type[] }
  | { readonly kind: "object"; readonly members: readonly Member[]; readonly index?: Type }
  | { readonly kind: "name"; readonly path: readonly string[]; readonly scope: Scope };

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: Type;
}

/** The names of a file or namespace. */
export interface Scope {
  readonly types: Map<string, Type>;
  readonly namespaces: Map<string, Scope>;
  readonly parent?: Scope;
}

const TOKEN = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?|[A-Za-z_$][\w$]*|=>|[^\s]/g;
const PRIMITIVES: ReadonlySet<string> = new Set(["string", "number", "boolean", "null", "undefined"]);

/** Reads the interfaces and type aliases of a declaration file; what is neither is passed over. */
export function readDeclarations(source: string): Scope {
  const tokens = [...source.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^\/[*/]/.test(token));
  let at = 0;

  const is = (token: string): boolean => tokens[at] === token;
  const take = (token: string): boolean => is(token) && (at += 1) > 0;
  const need = (token: string): void => {
    if (!take(token)) throw new Error(`expected ${token}, found ${tokens.slice(at, at + 6).join(" ")}`);
  };
  /** Passes over a bracketed stretch that begins here. */
  const skipBrackets = (open: string, close: string): void => {
    let depth = 0;
    do {
      if (is(open)) depth += 1;
      if (is(close)) depth -= 1;
      at += 1;
    } while (depth > 0 && at < tokens.length);
  };
  const skipStatement = (): void => {
    while (at < tokens.length && !is(";")) {
      if (!is("{")) at += 1;
      else {
        skipBrackets("{", "}");
        if (!is("from") && !is(";")) return;
      }
    }
    at += 1;
  };

  function readUnion(scope: Scope): Type {
    take("|");
    const of = [readIntersection(scope)];
    while (take("|")) of.push(readIntersection(scope));
    return of.length === 1 ? of[0]! : { kind: "union", of };
  }
  function readIntersection(scope: Scope): Type {
    const of = [readPostfix(scope)];
    while (take("&")) of.push(readPostfix(scope));
    return of.length === 1 ? of[0]! : { kind: "intersection", of };
  }
  function readPostfix(scope: Scope): Type {
    let type = readPrimary(scope);
    while (is("[") && tokens[at + 1] === "]") {
      at += 2;
      type = { kind: "array", of: type };
    }
    return type;
  }
  function readPrimary(scope: Scope): Type {
    if (is("{")) return readMembers(scope);
    if (take("(")) {
      const type = readUnion(scope);
      need(")");
      return type;
    }
    const token = tokens[at++]!;
    if (/^['"]/.test(token)) return { kind: "literal", value: token.slice(1, -1) };
    if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
    if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
    if (PRIMITIVES.has(token)) return { kind: "primitive", name: token as "string" };
    if (token === "unknown" || token === "any") return { kind: "any" };
    if (!/^[A-Za-z_$]/.test(token)) throw new Error(`no type: ${tokens.slice(at - 1, at + 6).join(" ")}`);
    if (token === "Array" || token === "Record") {
      need("<");
      let of = readUnion(scope);
      if (token === "Record" && take(",")) of = readUnion(scope);
      need(">");
      return token === "Array" ? { kind: "array", of } : { kind: "object", members: [], index: of };
    }
    const path = [token];
    while (take(".")) path.push(tokens[at++]!);
    if (is("<")) {
      skipBrackets("<", ">");
      return { kind: "any" };
    }
    return { kind: "name", path, scope };
  }
  function readMembers(scope: Scope): Type {
    need("{");
    const members: Member[] = [];
    let index: Type | undefined;
    while (!take("}")) {
      take("readonly");
      if (take("[")) {
        while (!take("]")) at += 1;
        need(":");
        index = readUnion(scope);
      } else {
        const name = tokens[at++]!.replace(/^['"]|['"]$/g, "");
        const optional = take("?");
        need(":");
        members.push({ name, optional, type: readUnion(scope) });
      }
      take(";");
    }
    // `{}` takes whatever is not null.
    if (members.length === 0 && index === undefined) return { kind: "any" };
    return { kind: "object", members, ...(index === undefined ? {} : { index }) };
  }
  function readScope(parent?: Scope): Scope {
    const scope: Scope = { types: new Map(), namespaces: new Map(), ...(parent === undefined ? {} : { parent }) };
    while (at < tokens.length && !take("}")) {
      while (take("export") || take("declare"));
      const word = tokens[at];
      const name = tokens[at + 1]!;
      const isPlain = tokens[at + 2] !== "<";
      if (word === "namespace") {
        at += 2;
        need("{");
        scope.namespaces.set(name, readScope(scope));
      } else if (word === "type" && isPlain && tokens[at + 2] === "=") {
        at += 3;
        scope.types.set(name, readUnion(scope));
        take(";");
      } else if (word === "interface" && isPlain) {
        at += 2;
        const bases: Type[] = [];
        if (take("extends"))
          do bases.push(readPrimary(scope));
          while (take(","));
        const own = readMembers(scope);
        scope.types.set(name, bases.length === 0 ? own : { kind: "intersection", of: [...bases, own] });
      } else skipStatement();
    }
    return scope;
  }
  return readScope();
}

const require = createRequire(import.meta.url);
const FILES = ["chat/completions/completions", "responses/responses", "shared", "completions"];
const scopes = FILES.map((file) =>
  readDeclarations(readFileSync(require.resolve(`openai/resources/${file}`).replace(/\.m?js$/, ".d.ts"), "utf8")),
);

/** The type that a name means where it stands; the aliases of imports are passed over. */
export function resolveName(path: readonly string[], scope?: Scope): Type {
  for (let here = scope; here !== undefined; here = here.parent) {
    const found = lookUp(path, here);
    if (found !== undefined) return found;
  }
  const bare = /API$|^Shared$/.test(path[0]!) ? path.slice(1) : path;
  for (const file of scopes) {
    const found = lookUp(bare, file);
    if (found !== undefined) return found;
  }
  throw new Error(`openai declares no ${path.join(".")}`);
}

function lookUp(path: readonly string[], scope: Scope): Type | undefined {
  const [first, ...rest] = path;
  if (rest.length === 0) return scope.types.get(first!);
  const inner = scope.namespaces.get(first!);
  return inner === undefined ? undefined : lookUp(rest, inner);
}
