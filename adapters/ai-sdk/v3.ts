import type {
  ContentPart,
  CrosspointEmbeddingModel,
  CrosspointEmbeddingModelV3,
  CrosspointLanguageModel,
  CrosspointLanguageModelV3,
  FilePartV3,
  OwnPartV4,
  SharedPart,
  StreamPart,
} from "./types.ts";

/**
 * The same model in the words of specification V3. It knows no `custom` parts: a provider's own block is shown as a tool that the
 * provider ran, so that it still comes back. Files that are only an address are left out.
 */
export function toLanguageModelV3(model: CrosspointLanguageModel): CrosspointLanguageModelV3 {
  const { provider, modelId } = model;
  let blocks = 0;
  const convert = (part: OwnPartV4): SharedPart<FilePartV3>[] => {
    if (part.type === "file") return part.data.type === "data" ? [{ ...part, data: part.data.data }] : [];
    const { kind, providerMetadata } = part;
    const call = { toolCallId: `${modelId}-${Date.now().toString(36)}-${blocks++}`, toolName: kind, dynamic: true } as const;
    return [
      {
        type: "tool-call",
        ...call,
        input: "{}",
        providerExecuted: true,
        ...(providerMetadata === undefined ? undefined : { providerMetadata }),
      },
      { type: "tool-result", ...call, result: {}, providerMetadata: { crosspoint: { covered: true } } },
    ];
  };
  return {
    specificationVersion: "v3",
    provider,
    modelId,
    get supportedUrls() {
      return model.supportedUrls;
    },
    async doGenerate(options) {
      const { content, ...result } = await model.doGenerate(options);
      const converted = content.flatMap((part): ContentPart<FilePartV3>[] =>
        part.type === "file" || part.type === "custom" ? convert(part) : [part],
      );
      return { ...result, content: converted };
    },
    async doStream(options) {
      const { stream, ...result } = await model.doStream(options);
      const converter = new TransformStream<StreamPart, StreamPart<FilePartV3>>({
        transform(part, controller) {
          if (part.type === "file" || part.type === "custom") for (const each of convert(part)) controller.enqueue(each);
          else controller.enqueue(part);
        },
      });
      return { ...result, stream: stream.pipeThrough(converter) };
    },
  };
}

export function toEmbeddingModelV3(model: CrosspointEmbeddingModel): CrosspointEmbeddingModelV3 {
  return { ...model, specificationVersion: "v3" };
}
