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
