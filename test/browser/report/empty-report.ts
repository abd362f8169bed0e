import type { ReportData } from '../../../src/report/report-data.ts';

const ACCOUNTS = ['llm', 'labels', 'training', 'total'] as const;

/** The report of a campaign that has read its pool and done nothing else. */
export const EMPTY_REPORT: ReportData = {
  format: 1,
  campaign: { name: 'begun', begunAtMs: 1_760_000_000_000, reportedAtMs: 1_760_000_060_000 },
  headline: {
    instructions: 32,
    poolFiles: 1,
    rounds: 0,
    picked: 0,
    labeled: 0,
    rejected: 0,
    skipped: 0,
    awaited: 0,
    spentMicroUsd: 0,
    reservedMicroUsd: 0,
    microUsdPerUsefulLabel: null,
    failureRate: null,
    heldOutScore: null,
    gain: null,
    stop: null,
    next: { line: 'winnow next', because: 'plans the next round' },
  },
  rounds: [],
  map: null,
  coverage: null,
  spending: {
    accounts: ACCOUNTS.map((account) => ({ account, settledMicroUsd: 0, reservedMicroUsd: 0, capMicroUsd: null })),
    byKindAndRound: [],
    perUsefulLabel: [],
  },
  scores: [],
  llmAgreement: null,
  peopleAgreement: null,
  odd: { longest: [], strangest: [], nearDuplicates: null },
  picks: [],
  provenance: {
    winnowVersion: '0.1.0',
    nodeVersion: 'v20.20.0',
    schemaVersion: 5,
    seed: 7,
    config: 'version: 1\npool: { files: [pool.jsonl] }\nbudget: { labels: 400, totalUsd: 140 }\n',
    poolFiles: [{ path: 'pool.jsonl', sha256: '5f1d'.repeat(16), records: 33, added: 32, badRecords: 1 }],
    embedder: 'minilm',
    roundPlans: [],
    prompts: [],
    models: [],
    imports: [],
  },
  notes: ['There is no map: nothing has been embedded yet.'],
};
