import { CrosspointError, type Crosspoint, type ModelResponse, type ModelStream, type ResponseStart, type StreamEvent } from "crosspoint";
import { answerMetadata } from "./answer-metadata.ts";
import { createAddressee } from "./addressee.ts";
import { readCall, type ReadCall } from "./call.ts";
import type { CrosspointCallOptions } from "./call-options.ts";
import { markError } from "./errors.ts";
import { createPartWriter } from "./parts.ts";
import type { CrosspointLanguageModel, GenerateResult, LanguageModelCall, ResponseMetadata, StreamPart } from "./types.ts";
import { supportedUrlsOf } from "./supported-urls.ts";
import { toCallWarning, toFinishReason, toTokenUsage } from "./usage.ts";

export interface LanguageModelSettings {
  readonly crosspoint: Crosspoint;
  readonly modelId: string;
  readonly provider: string;
  readonly defaults: CrosspointCallOptions | undefined;
  readonly supportedUrls: Record<string, RegExp[]> | undefined;
}

/** A model of the layer as a language model of specification V4. */
export function createLanguageModel(settings: LanguageModelSettings): CrosspointLanguageModel {
  const { crosspoint, modelId, provider, defaults } = settings;
  const to = createAddressee(crosspoint, modelId);
  return {
    specificationVersion: "v4",
    provider,
    modelId,
    get supportedUrls() {
      return settings.supportedUrls ?? supportedUrlsOf(to);
    },
    async doGenerate(options) {
      try {
        const call = readCall(options, to, defaults);
        return toGenerateResult(await crosspoint.generate(call.request), call, options);
      } catch (error) {
        throw markError(error);
      }
    },
    async doStream(options) {
      try {
        const call = readCall(options, to, defaults);
        const stream = crosspoint.stream(call.request);
        const batches = stream.batches[Symbol.asyncIterator]();
        // Nothing is shown before the first batch: what fails until then is a failed call, not a failed stream.
        const first = await batches.next();
        return { stream: toPartStream({ stream, batches, first, call, options }) };
      } catch (error) {
        throw markError(error);
      }
    },
  };
}

function toGenerateResult(response: ModelResponse, { names, warnings }: ReadCall, options: LanguageModelCall): GenerateResult {
  const writer = createPartWriter(names);
  return {
    content: response.content.flatMap((part) => writer.whole(part)),
    finishReason: toFinishReason(response.finishReason),
    usage: toTokenUsage(response.usage),
    warnings: [...warnings, ...response.warnings.map(toCallWarning)],
    providerMetadata: answerMetadata(response, wantsGateway(options)),
    response: { ...responseMetadata(response), headers: headersOf(response) },
  };
}

interface PartStream {
  readonly stream: ModelStream;
  readonly batches: AsyncIterator<readonly StreamEvent[]>;
  readonly first: IteratorResult<readonly StreamEvent[]>;
  readonly call: ReadCall;
  readonly options: LanguageModelCall;
}

function toPartStream({ stream, batches, first, call, options }: PartStream): ReadableStream<StreamPart> {
  const writer = createPartWriter(call.names);
  let waiting: IteratorResult<readonly StreamEvent[]> | undefined = first;
  let started = false;

  const write = async (events: readonly StreamEvent[], out: StreamPart[]): Promise<void> => {
    for (const event of events) {
      switch (event.type) {
        case "response-start":
          if (!started) out.push({ type: "stream-start", warnings: [...call.warnings, ...(event.warnings ?? []).map(toCallWarning)] });
          started = true;
          out.push({ type: "response-metadata", ...responseMetadata(event) });
          break;
        case "response-restart":
          if (started)
            throw new CrosspointError("STREAM_INTERRUPTED", `the answer began anew, which a stream cannot show: ${event.reason}`);
          break;
        case "response-end": {
          const response = await stream.response;
          out.push({
            type: "finish",
            finishReason: toFinishReason(event.finishReason),
            usage: toTokenUsage(event.usage),
            providerMetadata: answerMetadata(response, wantsGateway(options)),
          });
          break;
        }
        default:
          if (!("choice" in event) || (event.choice ?? 0) === 0) writer.event(event, out);
      }
    }
  };

  return new ReadableStream<StreamPart>(
    {
      async pull(controller) {
        const out: StreamPart[] = [];
        try {
          while (out.length === 0) {
            const { value, done } = waiting ?? (await batches.next());
            waiting = undefined;
            if (done === true) return controller.close();
            await write(value, out);
          }
        } catch (error) {
          stream.cancel();
          if (CrosspointError.is(error, "ABORTED")) return controller.error(error);
          out.push({ type: "error", error: markError(error, true) });
          out.push({ type: "finish", finishReason: { unified: "error", raw: undefined }, usage: toTokenUsage(undefined) });
          for (const part of out) controller.enqueue(part);
          return controller.close();
        }
        for (const part of out) controller.enqueue(part);
      },
      cancel: () => stream.cancel(),
    },
    { highWaterMark: 0 },
  );
}

function responseMetadata({ id, model, created }: Pick<ResponseStart, "id" | "model" | "created">): ResponseMetadata {
  return {
    ...(id === undefined ? undefined : { id }),
    ...(model === undefined ? undefined : { modelId: model }),
    ...(created === undefined ? undefined : { timestamp: new Date(created * 1000) }),
  };
}

function headersOf({ provider, deployment, requestId }: ModelResponse): Record<string, string> {
  return {
    "x-crosspoint-provider": provider,
    "x-crosspoint-deployment": deployment,
    ...(requestId === undefined ? undefined : { "x-request-id": requestId }),
  };
}

function wantsGateway({ providerOptions }: LanguageModelCall): boolean {
  return providerOptions?.["gateway"] !== undefined;
}
