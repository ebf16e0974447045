import { CrosspointError, type Crosspoint, type ModelResponse, type ModelStream, type ResponseStart, type StreamEvent } from "crosspoint";
import { answerMetadata } from "./answer-metadata.ts";
import { createAddressee } from "./addressee.ts";
import { readCall, type ReadCall } from "./call.ts";
import type { CrosspointCallOptions } from "./crosspoint-options.ts";
import { markError } from "./errors.ts";
import { createPartWriter } from "./parts.ts";
import type { CallWarning, CrosspointLanguageModel, GenerateResult, LanguageModelCall, ResponseMetadata, StreamPart } from "./types.ts";
import { supportedUrlsOf } from "./supported-urls.ts";
import { createWireLog, parse, type WireLog } from "./wire-log.ts";
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
      const wire = createWireLog(false);
      try {
        const call = readCall(options, to, defaults);
        return toGenerateResult(await crosspoint.generate({ ...call.request, onWire: wire.listen }), call, options, wire);
      } catch (error) {
        throw markError(error, { wire, signal: options.abortSignal });
      }
    },
    async doStream(options) {
      const wire = createWireLog(options.includeRawChunks === true);
      try {
        const call = readCall(options, to, defaults);
        const stream = crosspoint.stream({ ...call.request, onWire: wire.listen });
        const batches = stream.batches[Symbol.asyncIterator]();
        // Nothing is shown before the first batch: what fails until then is a failed call, not a failed stream.
        const first = await batches.next();
        return {
          stream: toPartStream({ stream, batches, first, call, options, wire }),
          request: wire.request,
          response: {
            get headers() {
              return wire.headers;
            },
          },
        };
      } catch (error) {
        throw markError(error, { wire, signal: options.abortSignal });
      }
    },
  };
}

function toGenerateResult(
  response: ModelResponse,
  { names, warnings }: ReadCall,
  options: LanguageModelCall,
  wire: WireLog,
): GenerateResult {
  const writer = createPartWriter(names);
  return {
    content: response.content.flatMap((part) => writer.whole(part)),
    finishReason: toFinishReason(response.finishReason),
    usage: toTokenUsage(response.usage),
    warnings: [...warnings, ...response.warnings.map(toCallWarning)],
    providerMetadata: answerMetadata(response, wantsGateway(options)),
    request: wire.request,
    response: {
      ...responseMetadata(response),
      get headers() {
        return wire.headers;
      },
      get body() {
        return wire.text === undefined ? undefined : parse(wire.text);
      },
    },
  };
}

interface PartStream {
  readonly stream: ModelStream;
  readonly batches: AsyncIterator<readonly StreamEvent[]>;
  readonly first: IteratorResult<readonly StreamEvent[]>;
  readonly call: ReadCall;
  readonly options: LanguageModelCall;
  readonly wire: WireLog;
}

function toPartStream({ stream, batches, first, call, options, wire }: PartStream): ReadableStream<StreamPart> {
  const writer = createPartWriter(call.names);
  let waiting: IteratorResult<readonly StreamEvent[]> | undefined = first;

  const write = async (events: readonly StreamEvent[], out: StreamPart[]): Promise<void> => {
    for (const event of events) {
      switch (event.type) {
        case "response-start":
          out.push({ type: "response-metadata", ...responseMetadata(event) });
          break;
        case "response-restart":
          throw new CrosspointError("STREAM_INTERRUPTED", `the answer began anew, which a stream cannot show: ${event.reason}`);
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
            if (waiting !== undefined) out.push({ type: "stream-start", warnings: [...call.warnings, ...earlyWarnings(value)] });
            waiting = undefined;
            if (done === true) return controller.close();
            for (const rawValue of wire.takeFrames()) out.push({ type: "raw", rawValue });
            await write(value, out);
          }
        } catch (error) {
          stream.cancel();
          if (CrosspointError.is(error, "ABORTED")) return controller.error(markError(error, { signal: options.abortSignal }));
          out.push({ type: "error", error: markError(error, { wire, again: true }) });
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

function earlyWarnings(batch: readonly StreamEvent[] | undefined): CallWarning[] {
  const start = batch?.[0];
  return start?.type === "response-start" ? (start.warnings ?? []).map(toCallWarning) : [];
}

function responseMetadata({ id, model, created }: Pick<ResponseStart, "id" | "model" | "created">): ResponseMetadata {
  return {
    ...(id === undefined ? undefined : { id }),
    ...(model === undefined ? undefined : { modelId: model }),
    ...(created === undefined ? undefined : { timestamp: new Date(created * 1000) }),
  };
}

function wantsGateway({ providerOptions }: LanguageModelCall): boolean {
  return providerOptions?.["gateway"] !== undefined;
}
