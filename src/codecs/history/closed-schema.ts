import { isObject, type JSONObject } from "../../ir/json.ts";

/** Anthropic's decoder takes 24 properties that may be missing, but stops compiling soon after this many. */
const OPTIONAL = 10;
/** A schema whose references unfold to more than this is not looked at further. */
const STEPS = 5_000;
const SCHEMAS = ["items", "prefixItems", "anyOf", "oneOf", "allOf"];

/**
 * Whether a decoder that closes every object can answer in a schema without loss: it takes no schema that contains itself, can fill no
 * object whose keys are open, and compiles few optional properties (Anthropic's structured outputs, "JSON Schema limitations").
 */
export function fitsClosed(schema: JSONObject): boolean {
  let optional = 0;
  let steps = 0;
  const fits = (node: unknown, above: readonly unknown[]): boolean => {
    if (Array.isArray(node)) return node.every((each) => fits(each, above));
    if (!isObject(node)) return true;
    if (above.includes(node) || ++steps > STEPS) return false;
    const { $ref, type, properties, patternProperties, additionalProperties, required } = node;
    const path = [...above, node];
    if (typeof $ref === "string" && !fits(lookUp($ref, schema), path)) return false;
    const fields = isObject(properties) ? properties : {};
    const names = Object.keys(fields);
    const isOpen = additionalProperties === undefined ? names.length === 0 : additionalProperties !== false;
    if ((isObject(properties) || [type].flat().includes("object")) && (isOpen || isObject(patternProperties))) return false;
    optional += names.filter((name) => !(Array.isArray(required) && required.includes(name))).length;
    return optional <= OPTIONAL && fits(Object.values(fields), path) && SCHEMAS.every((key) => fits(node[key], path));
  };
  return fits(schema, []);
}

/** What a reference within the document points at. */
function lookUp(reference: string, root: JSONObject): unknown {
  if (!reference.startsWith("#")) return undefined;
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((at, key) => {
      const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
      return isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    }, root);
}
