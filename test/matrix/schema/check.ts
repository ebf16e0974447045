import { resolveName, type Type } from "./declarations.ts";

/** Fields that the client computes itself; the wire has none of them. */
const COMPUTED: ReadonlySet<string> = new Set(["output_text"]);

/** What a value lacks to be of a type that `openai` declares: required fields, null where it is forbidden, words that are none of the declared. Further fields are allowed. */
export function violations(value: unknown, typeName: string): readonly string[] {
  return check(value, resolveName(typeName.split(".")), typeName);
}

function check(value: unknown, type: Type, path: string): readonly string[] {
  switch (type.kind) {
    case "any":
      return [];
    case "name":
      return check(value, resolveName(type.path, type.scope), path);
    case "literal":
      return value === type.value ? [] : [`${path} is ${show(value)}, not ${show(type.value)}`];
    case "primitive":
      return isPrimitive(value, type.name) ? [] : [`${path} is ${show(value)}, not ${type.name}`];
    case "array":
      if (!Array.isArray(value)) return [`${path} is ${show(value)}, not an array`];
      return value.flatMap((item, index) => check(item, type.of, `${path}[${index}]`));
    case "intersection":
      return type.of.flatMap((each) => check(value, each, path));
    case "union":
      return checkUnion(value, type.of, path);
    case "object":
      return checkObject(value, type, path);
    default:
      return type satisfies never;
  }
}

/** The alternative that comes nearest tells what is wrong: one whose `type` fits, else the one with the fewest complaints. */
function checkUnion(value: unknown, alternatives: readonly Type[], path: string): readonly string[] {
  let nearest: readonly string[] | undefined;
  let rank = Infinity;
  for (const alternative of alternatives) {
    const found = check(value, alternative, path);
    if (found.length === 0) return [];
    const isOther = found.some((each) => each.startsWith(`${path}.type `) || each.startsWith(`${path} is `));
    const own = found.length + (isOther ? 1000 : 0);
    if (own < rank) [nearest, rank] = [found, own];
  }
  return rank > 1000 ? [`${path} is ${show(value)}, none of the ${alternatives.length} alternatives`] : nearest!;
}

function checkObject(value: unknown, type: Extract<Type, { kind: "object" }>, path: string): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is ${show(value)}, not an object`];
  const fields = value as Record<string, unknown>;
  const found = type.members.flatMap((member) => {
    if (Object.hasOwn(fields, member.name)) return check(fields[member.name], member.type, `${path}.${member.name}`);
    return member.optional || COMPUTED.has(member.name) ? [] : [`${path}.${member.name} is missing`];
  });
  const { index } = type;
  if (index === undefined) return found;
  const named = new Set(type.members.map((member) => member.name));
  return [...found, ...Object.keys(fields).flatMap((key) => (named.has(key) ? [] : check(fields[key], index, `${path}.${key}`)))];
}

function isPrimitive(value: unknown, name: string): boolean {
  return name === "null" ? value === null : typeof value === name;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").slice(0, 80);
}
