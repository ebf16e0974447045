import type { CodecId } from "../ir/target.ts";
import type { ClientCodec, ProviderCodec } from "./codec.ts";
import type { prepareHistory } from "./prepare-history.ts";

const PROVIDERS: Readonly<Record<CodecId, () => Promise<{ readonly provider: ProviderCodec }>>> = {
  "openai-chat": () => import("./openai-chat/provider.ts"),
  "openai-responses": () => import("./openai-responses/provider.ts"),
  "anthropic-messages": () => import("./anthropic-messages/provider.ts"),
  gemini: () => import("./gemini/provider.ts"),
};

const CLIENTS: Readonly<Record<CodecId, () => Promise<{ readonly client: ClientCodec }>>> = {
  "openai-chat": () => import("./openai-chat/client.ts"),
  "openai-responses": () => import("./openai-responses/client.ts"),
  "anthropic-messages": () => import("./anthropic-messages/client.ts"),
  gemini: () => import("./gemini/client.ts"),
};

let preparing: typeof prepareHistory | undefined;

/** What makes a request acceptable to its target; loaded when the first request comes that needs more than a look. */
export function historyPass(): typeof prepareHistory | Promise<typeof prepareHistory> {
  return preparing ?? import("./prepare-history.ts").then((module) => (preparing = module.prepareHistory));
}

const loaded = new Map<CodecId, ProviderCodec>();
const loadedClients = new Map<CodecId, ClientCodec>();

/** The provider half of a codec, loaded when it is first needed; at once when it is there, so that a later call waits for nothing. */
export function providerCodec(id: CodecId): ProviderCodec | Promise<ProviderCodec> {
  return (
    loaded.get(id) ??
    PROVIDERS[id]().then(({ provider }) => {
      loaded.set(id, provider);
      return provider;
    })
  );
}

/** The client half of a codec, loaded when it is first needed. */
export async function clientCodec(id: CodecId): Promise<ClientCodec> {
  const known = loadedClients.get(id);
  if (known !== undefined) return known;
  const { client } = await CLIENTS[id]();
  loadedClients.set(id, client);
  return client;
}
