import { existsSync } from 'node:fs';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import type { OwnedMatrixKernel } from '../../math/create-matrix-kernel.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { CURRENT_EDITION, FIRST_EDITION } from '../../models/prompt-template.ts';
import { letsLlmChoose } from '../../selection/strategies/strategy-needs.ts';
import { takesScores } from '../../selection/strategies/strategy-options.ts';
import { peekIdentity, type RunIdentity } from '../../store/run-state.ts';
import { openSimulationStore, type SimulationStore } from '../../store/simulation-store.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { defaultStatePath, SHORT_HASH } from '../open-run.ts';
import { pinRevisions } from '../pinned-revisions.ts';
import type { Workbench } from '../workbench.ts';
import { CellKeys } from './cell-keys.ts';
import { type LabeledData, readLabeledData } from './labeled-data.ts';
import { isCommand, type SimulateSettings } from './simulate-options.ts';
import { SharedByArms, SimulatedArm } from './simulated-arm.ts';
import { TextVectors } from './text-vectors.ts';

/** A simulation with everything it works with, opened and ready. */
export interface Simulation {
  readonly settings: SimulateSettings;
  readonly workbench: Workbench;
  /** When it was opened, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly kernel: OwnedMatrixKernel;
  readonly data: LabeledData;
  readonly arms: readonly SimulatedArm[];
  readonly store: SimulationStore;
  readonly keys: CellKeys;
  /** Name of the embedder. */
  readonly embeddings: string;
  readonly vectors: TextVectors;
  readonly notes: readonly Wording[];
}

/**
 * Reads the data and opens the simulation's state.
 * @param dryRun spend nothing and leave no trace: an existing state file is read, none is created
 */
export async function openSimulation(
  settings: SimulateSettings,
  workbench: Workbench,
  { dryRun }: { dryRun: boolean },
): Promise<Simulation> {
  const { clock } = settings;
  const startedAt = clock.elapsed();
  // First, so that a missing key or price is reported before a large pool is read.
  if (settings.arms.some(({ arm }) => arm.asksLlm)) await workbench.llm();
  const embeddings = EMBEDDERS.find(settings.embedder.kind).identity(settings.embedder);
  const revisions = pinRevisions('simulate', settings, settings.pool);
  const data = await readLabeledData(settings, revisions.remote);
  // Nothing else: see CellKeys.
  const labeled: RunIdentity = { labeled: data.fingerprint.slice(0, SHORT_HASH), ...revisions.identity() };
  const path = settings.state ?? defaultStatePath('simulate', labeled);
  const { prompts = FIRST_EDITION } = peekIdentity(path) ?? { prompts: CURRENT_EDITION };
  workbench.prompts.use(Number(prompts));
  const identity = prompts === FIRST_EDITION ? labeled : { ...labeled, prompts };
  const opened = openSimulationStore(dryRun && !existsSync(path) ? ':memory:' : path, identity, {
    clock,
    version: WINNOW_VERSION,
    caps: settings,
  });
  const { store } = opened;
  workbench.use(opened, store.calls);
  const kernel = await workbench.kernel();
  const shared = new SharedByArms();
  const arms = settings.arms.map((arm) => new SimulatedArm(arm, data.instructions, settings, workbench, shared));
  return {
    ...{ settings, workbench, startedAt, kernel, data, store, embeddings, arms },
    keys: new CellKeys(settings, data, embeddings),
    vectors: new TextVectors((await workbench.embedder()).embedder),
    notes: [...revisions.notes(), ...data.notes, ...openingNotes(settings, arms, kernel)],
  };
}

function openingNotes(
  { arms, llm, trainer }: SimulateSettings,
  openedArms: readonly SimulatedArm[],
  kernel: OwnedMatrixKernel,
): Wording[] {
  const named = (list: typeof arms) => list.map(({ arm }) => arm.name).join(', ');
  const notes: Wording[] = [];
  if (kernel.name === 'javascript') {
    notes.push('The native matrix runtime does not load here. Plain JavaScript is used instead, which is much slower.');
  }
  const standIns = arms.filter(({ strategy, arm }) => letsLlmChoose(strategy, arm.options));
  if (llm.provider === 'offline' && standIns.length > 0) {
    notes.push(
      `The offline ranker chose for ${named(standIns)}. It stands in for an LLM: a real one may choose differently.`,
    );
  }
  const seeing = arms.filter(({ arm }) => arm.sawResponses);
  const drafting = seeing.filter(({ strategy }) => takesScores(strategy));
  const stuck = seeing.filter(({ strategy }) => !takesScores(strategy));
  const were = (list: typeof arms) => (list.length === 1 ? 'was' : 'were');
  if (drafting.length > 0) {
    notes.push(
      sentence`${named(drafting)} ${were(drafting)} shown the true responses to judge; on an unlabeled pool that takes ${option('draft')}.`,
    );
  }
  if (stuck.length > 0) {
    notes.push(
      `${named(stuck)} ${were(stuck)} shown the true responses, without which it cannot choose: an unlabeled pool has none.`,
    );
  }
  const learning = openedArms.filter((arm) => arm.needsSeedModel);
  if (learning.length > 0) {
    notes.push(
      `Without an LLM, ${learning.map(({ arm }) => arm.name).join(', ')} need labels first: half of each budget is drawn at random and makes the retrieval model that the other half goes by.`,
    );
  }
  if (isCommand(trainer)) {
    notes.push('Trainings got an empty held-out file, because test data must not influence them.');
  }
  return notes;
}
