export { createSimulator } from "./simulator.ts";
export type {
  Fault,
  FaultError,
  FaultSpec,
  RecordedRequest,
  SimulatedRequest,
  SimulatedTool,
  Simulator,
  SimulatorOptions,
  SimulatorProvider,
  SimulatorServer,
  Step,
  StepCitation,
  StepFinishReason,
  StepLogprob,
  StepToolCall,
  StepUsage,
  Wire,
} from "./types.ts";
export type { Json, JsonObject } from "./core/json.ts";
export { record, type RecordOptions } from "./cassette/record.ts";
export { replay, type ReplayOptions } from "./cassette/replay.ts";
export type { Cassette, CassetteChunk, CassetteEntry, CassetteRequest } from "./cassette/cassette.ts";
export { storeCases } from "./stores/index.ts";
export type { OpenedStore, OpenStore, StoreCase } from "./stores/case.ts";
