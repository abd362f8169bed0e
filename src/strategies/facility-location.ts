import { takeRows } from '../math/embedding-matrix.ts';
import { facilityLocation } from '../math/facility-location.ts';
import type { Strategy } from './strategy.ts';
import { noOptions } from './strategy-options.ts';

/**
 * Facility location: always the instruction that most raises how similar the candidates are, on average,
 * to the most similar one that is labeled or chosen. So it goes where many candidates are and nothing is
 * chosen yet, outliers come last, and what labeled items cover is not bought again. Ranked as picked: any
 * first part of the picks covers well for its size. With weights it is the weighted mean that is raised.
 * Nothing is drawn at random, so the seed changes nothing. O(n²·d + n·N·d).
 * Source: Lin & Bilmes 2011, A Class of Submodular Functions for Document Summarization; Minoux 1978 (lazy greedy).
 */
export const facilityLocationStrategy: Strategy = {
  name: 'facility-location',
  summary: 'always the one that makes the candidates most similar to what is chosen',
  source: 'Lin & Bilmes 2011, ACL-HLT; the diversity step of QDIT (arXiv 2311.14736).',
  needs: { embeddings: 'instructions', llm: false },
  nested: () => true,
  measures: () => [],
  prompts: [],
  normalizeOptions: noOptions('facility-location'),
  prepare: async ({ candidates, count, embeddings, labeled, weights, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const { order, gains } = await facilityLocation(takeRows(embeddings, candidates), count, {
        kernel,
        existing: labeled,
        weights,
        signal,
        onProgress,
      });
      return {
        picks: Array.from(order, (row, index) => ({
          position: candidates[row]!,
          rank: index + 1,
          score: gains[index]!,
          reason: `raises the mean similarity of the candidates to what is chosen by ${gains[index]!.toPrecision(3)}`,
          strategy: 'facility-location',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
      };
    },
  }),
};
