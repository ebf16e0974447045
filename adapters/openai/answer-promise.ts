import { APIPromise, type OpenAI } from "openai";

/** What the resources of the official client are told of a call. */
export type AnswerProps = Parameters<Parameters<APIPromise<unknown>["_thenUnwrap"]>[0]>[1];

/** An answer of the layer; `response` is made when someone asks for it. */
export interface Answer {
  readonly value: unknown;
  readonly requestId: string | null;
  readonly props: AnswerProps;
  /** The headers alone, when the body has been read. */
  readonly head: () => Response;
}

/** An answer of the layer, or a call that the official client makes. */
export type Opened<T> = Answer | { readonly client: APIPromise<T> };

type Transform = (value: never, props: AnswerProps) => unknown;

/** The official client's promise of an answer that never was a `Response`. */
export class AnswerPromise<T> extends APIPromise<T> {
  readonly #client: OpenAI;
  readonly #opened: Promise<Opened<unknown>>;
  readonly #transforms: readonly Transform[];

  constructor(client: OpenAI, opened: Promise<Opened<unknown>>, transforms: readonly Transform[] = []) {
    // The official class hands what it waits for to the function that reads it, and looks at it nowhere else but in the methods below.
    super(client, opened as Promise<never>, (_, given) => read(given as unknown as Opened<unknown>, transforms) as Promise<never>);
    this.#client = client;
    this.#opened = opened;
    this.#transforms = transforms;
  }

  override _thenUnwrap<U>(transform: (data: T, props: AnswerProps) => U): APIPromise<U> {
    return new AnswerPromise<U>(this.#client, this.#opened, [...this.#transforms, transform as Transform]);
  }

  override async asResponse(): Promise<Response> {
    const opened = await this.#opened;
    return "client" in opened ? opened.client.asResponse() : opened.props.response;
  }

  override async withResponse(): ReturnType<APIPromise<T>["withResponse"]> {
    const opened = await this.#opened;
    if ("client" in opened) return throughClient(opened.client as APIPromise<T>, this.#transforms).withResponse();
    return { data: await this, response: opened.head(), request_id: opened.requestId };
  }
}

function read(opened: Opened<unknown>, transforms: readonly Transform[]): unknown {
  if ("client" in opened) return throughClient(opened.client, transforms);
  let value = withId(opened.value, opened.requestId);
  for (const transform of transforms) value = withId(transform(value as never, opened.props), opened.requestId);
  return value;
}

function throughClient<T>(client: APIPromise<T>, transforms: readonly Transform[]): APIPromise<T> {
  let promise = client;
  for (const transform of transforms) promise = promise._thenUnwrap(transform as (value: T, props: AnswerProps) => T);
  return promise;
}

function withId(value: unknown, id: string | null): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.hasOwn(value, "_request_id")) return value;
  return Object.defineProperty(value, "_request_id", { value: id, enumerable: false });
}
