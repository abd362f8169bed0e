import type { Agreement, PersonQuality } from '../domain/label-quality.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { CoverageFigures, OddItems, PoolMap } from './pool-figures.ts';

// The data of a report. The page shows exactly this, and `winnow report --json` prints it.

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
  /** Null if there are no vectors; `notes` says why. */
  readonly map: PoolMap | null;
  readonly coverage: CoverageFigures | null;
  readonly spending: SpendingFigures;
  readonly scores: readonly ScoreHistogram[];
  readonly llmAgreement: LlmAgreement | null;
  /** Between people; null if no item was answered by two. */
  readonly peopleAgreement: Agreement | null;
  /** By name. */
  readonly peopleQuality: readonly PersonQuality[];
  /** Between judges and people; empty until people have decided on enough. */
  readonly judges: readonly JudgeAgreement[];
  readonly odd: OddItems;
  readonly picks: readonly PickLine[];
  readonly provenance: Provenance;
  /** What is missing, sampled or has changed, in plain sentences. */
  readonly notes: readonly string[];
}

export interface Headline {
  readonly instructions: number;
  readonly poolFiles: number;
  readonly rounds: number;
  /** All picks, including withdrawn ones. */
  readonly picked: number;
  readonly labeled: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Picks without all their answers. If two people are asked, a pick with one answer is counted here and by its state. */
  readonly awaited: number;
  /** Picks that got no label before their round continued. */
  readonly withdrawn: number;
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  /** All money spent, divided by the labels to train on; null without labels. */
  readonly microUsdPerUsefulLabel: MicroUsd | null;
  /** Of the last evaluated model; null before that. */
  readonly failureRate: FailureRate | null;
  /** The same on the pool, where `failureRate` may be on the test set. */
  readonly poolFailureRate: FailureRate | null;
  /** Of the last evaluated model, on held-out labels. Rounds cannot be compared: later ones hold out harder items. */
  readonly heldOutScore: number | null;
  /** The same on the test set or the test files, where rounds can be compared. */
  readonly testScore: number | null;
  /** Of whichever of these two was measured last: the number of items and the 95 % interval. */
  readonly score: Figure | null;
  /** Change of the mean score from the previous model, on the items that both answered. */
  readonly gain: number | null;
  /** The subset of `gain`; null if there is no gain. */
  readonly gainOn: 'test' | 'held-out' | null;
  /** `gain` with its number of items and interval; null where there is none, and for rounds of earlier versions. */
  readonly gainFigure: Figure | null;
  /** What selecting gains over drawing at random, in a sentence; null where that is not measured yet. */
  readonly selection: string | null;
  /** How much harder selected items are than random ones. */
  readonly hardness: string | null;
  /** Why the campaign ended; null while it runs. */
  readonly stop: string | null;
  /** The next command, and why. */
  readonly next: { readonly line: string; readonly because: string };
}

/** How far a judge agrees with what people decided. */
export interface JudgeAgreement {
  readonly judge: string;
  /** What it judged: answers that people kept or not, or instructions that they answered or rejected. */
  readonly of: 'answers' | 'instructions';
  readonly judgments: number;
  readonly approved: number;
  /** How often what people approved has the higher score, 0–1. */
  readonly agreement: number;
  /** The same for the longer text. */
  readonly lengthAgreement: number;
  /** 95 % interval of the difference between the two. */
  readonly gain: { readonly low: number; readonly high: number };
  readonly noBetterThanLength: boolean;
  /** The score that divides best what people approved from the rest. */
  readonly threshold: number;
  /** The reliability curve: probabilities that follow from scores, and the shares that people approved. */
  readonly reliability: readonly {
    readonly expected: number;
    readonly observed: number;
    readonly interval: { readonly low: number; readonly high: number };
    readonly judgments: number;
  }[];
}

/** A rate or a mean with what it is worth. */
export interface Figure {
  readonly count: number;
  readonly mean: number;
  /** 95 %; null where there are too few items. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** A failure rate beside that of the first model on the same items. */
export interface FailureRate {
  /** `test`: the test set, test files or held-out labels. `pool`: unlabeled instructions. */
  readonly on: 'test' | 'pool';
  readonly count: number;
  /** Of the first model on these items; null where there is only one model. */
  readonly first: number | null;
  readonly last: number;
  /** The 95 % interval of `last`. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Last less first, item by item, with its 95 % interval; null where there is only one model. */
  readonly change: Figure | null;
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
  /** From here on: null until the round's model was evaluated. Scores are means on the judge's scale from 1 to 10. */
  readonly evaluated: number | null;
  readonly failures: number | null;
  readonly failureRate: number | null;
  readonly threshold: number | null;
  readonly poolScore: number | null;
  readonly heldOutScore: number | null;
  readonly testScore: number | null;
  /** Change of the mean score from the previous model, on items that both answered: test items, else held-out labels. */
  readonly gain: number | null;
  readonly gainOn: 'test' | 'held-out' | null;
  /** `gain` with its number of items and interval; null where there is none, and for rounds of earlier versions. */
  readonly gainFigure: Figure | null;
  /** The 95 % interval of `failureRate`. */
  readonly failureInterval: { readonly low: number; readonly high: number } | null;
  /** Against the first model, on the instructions of the pool or, better, the test items that both answered. */
  readonly sinceFirst: {
    readonly round: number;
    readonly on: 'test' | 'pool';
    readonly count: number;
    readonly failureRate: { readonly before: number; readonly after: number };
    readonly score: Figure;
  } | null;
  /** On the test set, else on test files, else on held-out labels. */
  readonly test: {
    readonly score: Figure;
    readonly failureRate: Figure;
    /** Of answers against people's, 0–1. */
    readonly rougeL: Figure | null;
    readonly chrF: Figure | null;
    readonly cosine: Figure | null;
  } | null;
}

export interface SpendingFigures {
  readonly accounts: readonly {
    readonly account: 'llm' | 'labels' | 'training' | 'total';
    readonly settledMicroUsd: MicroUsd;
    readonly reservedMicroUsd: MicroUsd;
    /** Null if there is no cap. */
    readonly capMicroUsd: MicroUsd | null;
  }[];
  /** By kind of call or expense: choose, judge-necessity, answer, labels, training, … The rows add up to the accounts. */
  readonly byKindAndRound: readonly {
    readonly kind: string;
    /** Labels and training: their round. Calls: the last round planned before they started; 0: before the first. */
    readonly round: number;
    readonly settledMicroUsd: MicroUsd;
    readonly reservedMicroUsd: MicroUsd;
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
  /** Money spent and labels to train on at the end of each round. */
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
  /** One sentence: what was scored, and by which judge. */
  readonly says: string;
  readonly from: number;
  readonly to: number;
  /** Counts in bins of equal width from `from` to `to`; the last bin includes `to`. */
  readonly bins: readonly number[];
  readonly unscored: number;
  /** Items with a lower score failed, or are left out; null if there is no threshold. */
  readonly threshold: number | null;
}

/** How similar the votes on the same query were, over queries with several votes. */
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
  /** On the strategy's own scale; null if it gives no scores. */
  readonly score: number | null;
  /** Null if no LLM chose. */
  readonly model: string | null;
  readonly costMicroUsd: MicroUsd;
  /** `awaited`: no answer yet. `withdrawn`: the round continued without it; it may have been picked again later. */
  readonly state: 'labeled' | 'rejected' | 'skipped' | 'awaited' | 'withdrawn';
  /** Who answered, in order. */
  readonly annotators: readonly string[];
  /** The judge's score of the last seed model's answer before this pick; null if there is none. */
  readonly necessity: number | null;
}

/** What is needed to repeat the campaign. */
export interface Provenance {
  readonly winnowVersion: string;
  readonly nodeVersion: string;
  /** Schema version of the state file. */
  readonly schemaVersion: number;
  readonly seed: number;
  /** The text of winnow.yaml with its secrets redacted. */
  readonly config: string;
  readonly poolFiles: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly records: number;
    readonly added: number;
    readonly badRecords: number;
  }[];
  /** The files of labels.heldOutFiles at the time of the report. */
  readonly testFiles: readonly { readonly path: string; readonly sha256: string }[];
  readonly embedder: string;
  /** Versions of plugins that it was run with, in the order of first use. */
  readonly plugins: readonly { readonly name: string; readonly version: string; readonly firstUsedAtMs: number }[];
  /** The seed, strategy and options of each round. */
  readonly roundPlans: readonly {
    readonly round: number;
    readonly seed: number;
    readonly strategy: string;
    readonly options: Readonly<Record<string, string | number | boolean>>;
  }[];
  readonly prompts: readonly { readonly id: string; readonly version: string; readonly sha256: string }[];
  /** Model snapshots as named by their providers, with the number of calls. */
  readonly models: readonly { readonly model: string; readonly kind: string; readonly calls: number }[];
  /** The sources of labels, with the time of the first import. */
  readonly imports: readonly { readonly source: string; readonly tool: string; readonly atMs: number }[];
}
