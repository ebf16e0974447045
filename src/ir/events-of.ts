import type { Accumulated } from "./accumulate.ts";
import type { Part, TextPart } from "./content.ts";
import type { StreamEvent } from "./event.ts";
import type { Choice, ModelResponse } from "./response.ts";

/** The events that a whole response would have streamed as. */
export function* eventsOf(response: Accumulated & { readonly cost?: ModelResponse["cost"] }): Generator<StreamEvent> {
  yield {
    type: "response-start",
    model: response.model,
    ...(response.id === undefined ? undefined : { id: response.id }),
    ...(response.created === undefined ? undefined : { created: response.created }),
  };
  const choices: readonly Choice[] = response.choices ?? [{ content: response.content, finishReason: response.finishReason }];
  let blocks = 0;
  for (const [index, { content }] of choices.entries()) {
    for (const part of content) yield* partEvents(part, `block-${blocks++}`, index);
  }
  yield {
    type: "response-end",
    finishReason: response.finishReason,
    ...(response.choices === undefined ? undefined : { otherFinishReasons: response.choices.slice(1).map((each) => each.finishReason) }),
    usage: response.usage,
    ...(response.cost === undefined ? undefined : { cost: response.cost }),
    ...(response.serviceTier === undefined ? undefined : { serviceTier: response.serviceTier }),
    ...(response.providerMetadata === undefined ? undefined : { providerMetadata: response.providerMetadata }),
    warnings: response.warnings,
  };
}

function* partEvents(part: Part, blockId: string, choiceIndex: number): Generator<StreamEvent> {
  const shared = {
    ...(choiceIndex === 0 ? undefined : { choice: choiceIndex }),
    ...(part.itemId === undefined ? undefined : { itemId: part.itemId }),
  };
  const opaque = part.opaque === undefined ? undefined : { opaque: part.opaque };
  switch (part.type) {
    case "text":
    case "refusal": {
      const phase = (part as TextPart).phase;
      yield {
        type: "text-start",
        id: blockId,
        ...(part.type === "refusal" ? { refusal: true } : undefined),
        ...(phase === undefined ? undefined : { phase }),
        ...shared,
      };
      const logprobs = part.type === "text" ? part.logprobs : undefined;
      yield { type: "text-delta", id: blockId, text: part.text, ...(logprobs === undefined ? undefined : { logprobs }) };
      const citations = part.type === "text" ? part.citations : undefined;
      yield { type: "text-end", id: blockId, ...(citations === undefined ? undefined : { citations }), ...opaque };
      break;
    }
    case "reasoning":
      yield { type: "reasoning-start", id: blockId, ...(part.form === undefined ? undefined : { form: part.form }), ...shared };
      if (part.text !== "") yield { type: "reasoning-delta", id: blockId, text: part.text };
      yield { type: "reasoning-end", id: blockId, ...opaque };
      break;
    case "tool-call":
      yield {
        type: "tool-call-start",
        id: part.id,
        name: part.name,
        ...(part.custom === undefined ? undefined : { custom: part.custom }),
        ...(part.namespace === undefined ? undefined : { namespace: part.namespace }),
        ...(part.providerOptions === undefined ? undefined : { providerOptions: part.providerOptions }),
        ...shared,
      };
      yield { type: "tool-call-delta", id: part.id, arguments: part.arguments };
      yield { type: "tool-call-end", id: part.id, ...opaque };
      break;
    default:
      yield { type: "part", part, ...(choiceIndex === 0 ? undefined : { choice: choiceIndex }) };
  }
}
