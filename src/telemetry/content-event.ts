import { contentAttributes, type Content } from "./content.ts";
import type { Attributes, Logger, OtelContext, Span } from "./otel.ts";

const NAME = "gen_ai.client.inference.operation.details";
const INFO = 9;

/** Writes what was said as a log record, structured, within the context of its span; `told` are the attributes of the span. */
export function emitContent(logger: Logger, told: Attributes, content: Content, context: OtelContext): void {
  const { systemInstructions, inputMessages, outputMessages, toolDefinitions } = content;
  const attributes = {
    ...told,
    "gen_ai.input.messages": inputMessages,
    ...(systemInstructions === undefined ? undefined : { "gen_ai.system_instructions": systemInstructions }),
    ...(outputMessages === undefined ? undefined : { "gen_ai.output.messages": outputMessages }),
    ...(toolDefinitions === undefined ? undefined : { "gen_ai.tool.definitions": toolDefinitions }),
  };
  logger.emit({ eventName: NAME, severityNumber: INFO, attributes: attributes as {}, context: context as never });
}

/** Writes it as an event of the span, as texts, where nobody takes log records. */
export function addContentEvent(span: Span, content: Content): void {
  span.addEvent(NAME, contentAttributes(content));
}
