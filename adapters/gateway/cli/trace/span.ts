/** A span as it came over OTLP, as far as it is shown. */
export interface TraceSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  /** The program that made it. */
  readonly service?: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  /** What its status says. */
  readonly message?: string;
  readonly attributes: ReadonlyMap<string, unknown>;
}

type Node = Readonly<Record<string, unknown>>;

/** The spans of an `ExportTraceServiceRequest` as OTLP/JSON has it. What has no ids or no name is left out. */
export function spansOf(request: unknown): TraceSpan[] {
  return list(request, "resourceSpans").flatMap((resource) => {
    const service = attributesOf(object(resource["resource"])).get("service.name");
    return list(resource, "scopeSpans").flatMap((scope) => list(scope, "spans").flatMap((span) => spanOf(span, text(service)) ?? []));
  });
}

function spanOf(span: Node, service: string | undefined): TraceSpan | undefined {
  const [traceId, spanId, parentId, name] = ["traceId", "spanId", "parentSpanId", "name"].map((key) => text(span[key]));
  if (traceId === undefined || spanId === undefined || name === undefined) return undefined;
  const { code, message } = object(span["status"]);
  const startMs = millis(span["startTimeUnixNano"]);
  const words = text(message);
  return {
    traceId,
    spanId,
    ...(parentId !== undefined && !/^0+$/.test(parentId) && { parentId }),
    name,
    ...(service !== undefined && { service }),
    startMs,
    endMs: Math.max(startMs, millis(span["endTimeUnixNano"])),
    failed: code === 2 || code === "STATUS_CODE_ERROR",
    ...(words !== undefined && { message: words }),
    attributes: attributesOf(span),
  };
}

function attributesOf(node: Node): Map<string, unknown> {
  return new Map(list(node, "attributes").map((pair) => [text(pair["key"]) ?? "", valueOf(pair["value"])]));
}

/** Numbers, texts, truth values and lists of them; other values are not shown. */
function valueOf(value: unknown): unknown {
  const { stringValue, intValue, doubleValue, boolValue, arrayValue } = object(value);
  if (intValue !== undefined) return Number(intValue);
  if (arrayValue !== undefined) return list(arrayValue, "values").map((each) => object(each)["stringValue"]);
  return stringValue ?? doubleValue ?? boolValue;
}

function millis(nanos: unknown): number {
  const number = typeof nanos === "string" || typeof nanos === "number" ? Number(nanos) / 1e6 : 0;
  return Number.isFinite(number) ? number : 0;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function object(value: unknown): Node {
  return typeof value === "object" && value !== null ? (value as Node) : {};
}

function list(value: unknown, key: string): Node[] {
  const found = object(value)[key];
  return Array.isArray(found) ? found.map(object) : [];
}
