// What authors of plugins test them with: suites for vitest. Published as the package's `./testing`.
export { type JudgeExpectations, judgeContract } from './judge-contract.ts';
export { labelBridgeContract } from './label-bridge-contract.ts';
export { type MeasureExpectations, measureContract } from './measure-contract.ts';
export { providerContract } from './provider-contract.ts';
export type { ChatAnswerer, ProviderWire, WireServer } from './provider-wire.ts';
export { type StrategyExpectations, strategyContract } from './strategy-contract.ts';
export { type OpenTrainer, type TrainerExpectations, trainerContract } from './trainer-contract.ts';
