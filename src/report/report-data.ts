import type { MicroUsd } from '../domain/money.ts';
import type { CoverageFigures, OddItems, PoolMap } from './pool-figures.ts';

// Everything a report says, as JSON. The page draws exactly this, and `winnow report --json` prints it.

/** A report of one campaign at one moment. Amounts are in micro-dollars, times in milliseconds since the epoch. */
export interface ReportData {
  readonly format: 1;
  readonly campaign: {
    /** The folder's name. */
    readonly name: string;
    readonly begunAtMs: number;
    readonly reportedAtMs: number;
  };
  readonly headline: Headline;
  readonly rounds: readonly RoundFigures[];
  /** Null where there are no vectors at hand; `notes` says why. */
  readonly map: PoolMap | null;
  readonly coverage: CoverageFigures | null;
  readonly spending: SpendingFigures;
  readonly scores: readonly ScoreHistogram[];
  readonly llmAgreement: LlmAgreement | null;
  /** Between people; null where no item was answered by two. */
  readonly peopleAgreement: { readonly items: number; readonly wordF1: number; readonly disputed: number } | null;
  readonly odd: OddItems;
  readonly picks: readonly PickLine[];
  readonly provenance: Provenance;
  /** What could not be said and why, a sentence each. */
  readonly notes: readonly string[];
}

export interface Headline {
  readonly instructions: number;
  readonly poolFiles: number;
  readonly rounds: number;
  /** All that was handed out, withdrawn picks among them. */
  readonly picked: number;
  readonly labeled: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Picks somebody is still to answer: where two are asked, those that one has answered are counted there too. */
  readonly awaited: number;
  /** Picks that their round went on without. */
  readonly withdrawn: number;
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  /** All that was spent, divided by the labels that can be trained on; null without one. */
  readonly microUsdPerUsefulLabel: MicroUsd | null;
  /** Of the first and the last model that was evaluated; null before. */
  readonly failureRate: { readonly first: number; readonly last: number } | null;
  /** Of the last model that was evaluated, on held-out labels. Means of two rounds do not compare: the later holds out harder items. */
  readonly heldOutScore: number | null;
  /** The same on the test files, whose means of all rounds compare. */
  readonly testScore: number | null;
  /** What the last model gained over the one before, on what both answered. */
  readonly gain: number | null;
  /** On which of them; null where there is no gain to tell. */
  readonly gainOn: 'test' | 'held-out' | null;
  /** Why it ended; null while it goes on. */
  readonly stop: string | null;
  /** What is to be typed next, and why. */
  readonly next: { readonly line: string; readonly because: string };
}

export interface RoundFigures {
  readonly number: number;
  readonly kind: 'seed' | 'necessity';
  readonly strategy: string;
  readonly plannedAtMs: number;
  readonly picked: number;
  readonly labeled: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly awaited: number;
  readonly withdrawn: number;
  readonly model: string | null;
  /** What follows is null until the round's model was evaluated; scores are means on the judge's scale from 1 to 10. */
  readonly evaluated: number | null;
  readonly failures: number | null;
  readonly failureRate: number | null;
  readonly threshold: number | null;
  readonly poolScore: number | null;
  readonly heldOutScore: number | null;
  readonly testScore: number | null;
  /** By how much the model's mean score is above that of the one before, over what both answered: test items where there are any, else held-out labels. */
  readonly gain: number | null;
  readonly gainOn: 'test' | 'held-out' | null;
  /** The 95 % interval of the held-out mean over its items, within the scale, where there are two. */
  readonly heldOutInterval: { readonly low: number; readonly high: number } | null;
}

export interface SpendingFigures {
  readonly accounts: readonly {
    readonly account: 'llm' | 'labels' | 'training' | 'total';
    readonly settledMicroUsd: MicroUsd;
    readonly reservedMicroUsd: MicroUsd;
    /** Null where it is not capped. */
    readonly capMicroUsd: MicroUsd | null;
  }[];
  /** By kinds of calls and expenses: choose, judge-necessity, judge-quality, answer, embed, …; labels, training. Adds up to the accounts. */
  readonly byKindAndRound: readonly {
    readonly kind: string;
    /** Labels and training: the round they are for. Calls: the last round planned before they began; 0: before the first. */
    readonly round: number;
    readonly settledMicroUsd: MicroUsd;
    readonly reservedMicroUsd: MicroUsd;
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
  /** Spent until the end of each round, and labels that can be trained on by then. */
  readonly perUsefulLabel: readonly {
    readonly round: number;
    readonly spentMicroUsd: MicroUsd;
    readonly usefulLabels: number;
    readonly microUsdPerLabel: MicroUsd | null;
  }[];
}

export interface ScoreHistogram {
  /** "Necessity, round 1 (pool)", "Quality". */
  readonly title: string;
  /** One sentence: what was scored by whom. */
  readonly says: string;
  readonly from: number;
  readonly to: number;
  /** Of equal width from `from` to `to`; the last holds both its ends. */
  readonly bins: readonly number[];
  readonly unscored: number;
  /** Below it is a failure, or left out; null where there is none. */
  readonly threshold: number | null;
}

/** How alike the votes on one query were, over queries that had several. */
export interface LlmAgreement {
  readonly queries: number;
  readonly mean: number;
  readonly byRound: readonly { readonly round: number; readonly queries: number; readonly mean: number }[];
  /** Ten bins from 0 to 1. */
  readonly bins: readonly number[];
}

export interface PickLine {
  readonly round: number;
  readonly rank: number;
  readonly id: string;
  readonly position: number;
  readonly excerpt: string;
  readonly reason: string;
  readonly strategy: string;
  /** In the strategy's own terms; null where it ranks nothing. */
  readonly score: number | null;
  /** Null where no model chose. */
  readonly model: string | null;
  readonly costMicroUsd: MicroUsd;
  /** `awaited`: nobody has answered. `withdrawn`: gone on without it; where it was picked again, the later pick says more. */
  readonly state: 'labeled' | 'rejected' | 'skipped' | 'awaited' | 'withdrawn';
  /** Who answered, in the order they did. */
  readonly annotators: readonly string[];
  /** The judge's score of the seed model's last answer, before it was labeled; null where there is none. */
  readonly necessity: number | null;
}

/** What is needed to repeat the campaign. */
export interface Provenance {
  readonly winnowVersion: string;
  readonly nodeVersion: string;
  /** Schema version of the state file. */
  readonly schemaVersion: number;
  readonly seed: number;
  /** winnow.yaml, word for word. Keys are never in it. */
  readonly config: string;
  readonly poolFiles: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly records: number;
    readonly added: number;
    readonly badRecords: number;
  }[];
  /** Of labels.heldOutFiles, as they are when the report is made. */
  readonly testFiles: readonly { readonly path: string; readonly sha256: string }[];
  readonly embedder: string;
  /** Of every round: its seed, strategy and options. */
  readonly roundPlans: readonly {
    readonly round: number;
    readonly seed: number;
    readonly strategy: string;
    readonly options: Readonly<Record<string, string | number | boolean>>;
  }[];
  readonly prompts: readonly { readonly id: string; readonly version: string; readonly sha256: string }[];
  /** Model snapshots as their providers named them, with the calls each answered. */
  readonly models: readonly { readonly model: string; readonly kind: string; readonly calls: number }[];
  /** Where labels came from, each source once, and when the first of it did. */
  readonly imports: readonly { readonly source: string; readonly tool: string; readonly atMs: number }[];
}
