import { isObject, text, type Json } from "./json.ts";

/** A description of a JSON value, strict about unknown keys unless said otherwise. */
export type Shape =
  | { readonly kind: "any" | "boolean" }
  | {
      readonly kind: "string";
      readonly values?: readonly string[];
      readonly pattern?: RegExp;
      readonly max?: number;
      readonly min?: number;
    }
  | { readonly kind: "number" | "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "array"; readonly items: Shape; readonly max?: number; readonly min?: number }
  | {
      readonly kind: "object";
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      readonly open: boolean;
    }
  | { readonly kind: "union"; readonly of: readonly Shape[] }
  | {
      readonly kind: "tagged";
      readonly key: string;
      readonly variants: Readonly<Record<string, Shape>>;
      readonly absent?: string;
      readonly rest?: Shape;
      /** Whether the variant's name is part of the path in messages. */
      readonly labelled?: boolean;
    }
  | { readonly kind: "nullable"; readonly of: Shape };

export type Path = readonly (string | number)[];

/** Why a value does not fit, in no provider's words. */
export interface Problem {
  readonly path: Path;
  readonly problem:
    | "unknown"
    | "missing"
    | "type"
    | "value"
    | "pattern"
    | "too-long"
    | "too-short"
    | "too-many"
    | "too-few"
    | "above"
    | "below";
  readonly expected: string;
  readonly got: Json | undefined;
  readonly limit?: number;
}

export const any: Shape = { kind: "any" };
export const boolean: Shape = { kind: "boolean" };
export const string: Shape = { kind: "string" };
export const freeObject: Shape = { kind: "object", fields: {}, required: [], open: true };

export function oneOf(...values: string[]): Shape {
  return { kind: "string", values };
}

export function matching(pattern: RegExp, max?: number): Shape {
  return { kind: "string", pattern, ...(max === undefined ? {} : { max }) };
}

export function decimal(min?: number, max?: number): Shape {
  return { kind: "number", ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

export function integer(min?: number, max?: number): Shape {
  return { kind: "integer", ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

export function array(items: Shape, max?: number, min?: number): Shape {
  return { kind: "array", items, ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) };
}

/** Fields whose name ends with `!` are required. */
export function fields(spec: Readonly<Record<string, Shape>>, open = false): Shape {
  const entries = Object.entries(spec);
  return {
    kind: "object",
    fields: Object.fromEntries(entries.map(([name, shape]) => [name.replace("!", ""), shape])),
    required: entries.filter(([name]) => name.endsWith("!")).map(([name]) => name.slice(0, -1)),
    open,
  };
}

export function either(...of: Shape[]): Shape {
  return { kind: "union", of };
}

export function tagged(
  key: string,
  variants: Readonly<Record<string, Shape>>,
  more: { readonly absent?: string; readonly rest?: Shape; readonly labelled?: boolean } = {},
): Shape {
  return { kind: "tagged", key, variants, ...more };
}

export function nullable(of: Shape): Shape {
  return { kind: "nullable", of };
}

/** The JSON kind a shape accepts, as an error message would name it. */
function kindOf(shape: Shape): string {
  switch (shape.kind) {
    case "tagged":
      return "object";
    case "nullable":
      return kindOf(shape.of);
    case "union":
      return shape.of.map(kindOf).join(" or ");
    default:
      return shape.kind;
  }
}

export function jsonKind(value: Json | undefined): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function fits(value: Json | undefined, shape: Shape): boolean {
  const kind = jsonKind(value);
  const wanted = kindOf(shape);
  return shape.kind === "any" || wanted.split(" or ").includes(kind) || (kind === "integer" && wanted.includes("number"));
}

/** The first problem of a value, or nothing when it fits. */
export function findProblem(value: Json | undefined, shape: Shape, path: Path = []): Problem | undefined {
  const fail = (problem: Problem["problem"], expected: string, limit?: number): Problem => ({
    path,
    problem,
    expected,
    got: value,
    ...(limit === undefined ? {} : { limit }),
  });
  if (shape.kind === "nullable") return value === null ? undefined : findProblem(value, shape.of, path);
  if (!fits(value, shape)) return fail("type", kindOf(shape));
  switch (shape.kind) {
    case "any":
    case "boolean":
      return undefined;
    case "string": {
      const source = value as string;
      if (shape.values !== undefined && !shape.values.includes(source))
        return fail("value", shape.values.map((item) => `'${item}'`).join(", "));
      if (shape.max !== undefined && source.length > shape.max) return fail("too-long", "string", shape.max);
      if (shape.min !== undefined && source.length < shape.min) return fail("too-short", "string", shape.min);
      return shape.pattern === undefined || shape.pattern.test(source) ? undefined : fail("pattern", shape.pattern.source);
    }
    case "number":
    case "integer": {
      if (shape.min !== undefined && (value as number) < shape.min) return fail("below", shape.kind, shape.min);
      return shape.max !== undefined && (value as number) > shape.max ? fail("above", shape.kind, shape.max) : undefined;
    }
    case "array": {
      const items = value as readonly Json[];
      if (shape.max !== undefined && items.length > shape.max) return fail("too-many", "array", shape.max);
      if (shape.min !== undefined && items.length < shape.min) return fail("too-few", "array", shape.min);
      return first(items.map((item, index) => () => findProblem(item, shape.items, [...path, index])));
    }
    case "union":
      return findProblem(value, shape.of.find((option) => fits(value, option)) ?? shape.of[0] ?? any, path);
    case "tagged":
      return taggedProblem(value, shape, path);
    case "object":
      return objectProblem(value, shape, path);
    default:
      return shape satisfies never;
  }
}

function taggedProblem(value: Json | undefined, shape: Extract<Shape, { kind: "tagged" }>, path: Path): Problem | undefined {
  const tag = isObject(value) ? (value[shape.key] ?? shape.absent) : undefined;
  if (tag === undefined) return { path: [...path, shape.key], problem: "missing", expected: "string", got: undefined };
  const variant = typeof tag === "string" && Object.hasOwn(shape.variants, tag) ? shape.variants[tag] : shape.rest;
  if (variant !== undefined) return findProblem(value, variant, shape.labelled === true ? [...path, text(tag)] : path);
  return {
    path: [...path, shape.key],
    problem: "value",
    expected: Object.keys(shape.variants)
      .map((item) => `'${item}'`)
      .join(", "),
    got: tag,
  };
}

function objectProblem(value: Json | undefined, shape: Extract<Shape, { kind: "object" }>, path: Path): Problem | undefined {
  if (!isObject(value)) return undefined;
  const missing = shape.required.find((name) => value[name] === undefined);
  if (missing !== undefined) return { path: [...path, missing], problem: "missing", expected: "", got: undefined };
  return first(
    Object.entries(value).map(([name, item]) => () => {
      const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
      if (field !== undefined) return findProblem(item, field, [...path, name]);
      return shape.open ? undefined : { path: [...path, name], problem: "unknown" as const, expected: "", got: item };
    }),
  );
}

/** The first check that finds something. */
export function first<T>(checks: readonly (() => T | undefined)[]): T | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}
