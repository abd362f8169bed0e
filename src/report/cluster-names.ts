import { splitWords } from '../text/words.ts';
import { STOP_WORDS } from './stop-words.ts';

/** Of each text: what it is about is said at its beginning. */
const CHARACTERS_READ = 400;
const SHORTEST_WORD = 3;
const LONGEST_WORD = 24;
const WORDS_IN_NAME = 3;
/** Letters that one form of a word has more than another: food, foods. */
const LONGEST_ENDING = 2;

/**
 * Names each cluster by its most telling words: those that more of its texts have than others do, weighted by how many
 * have them. Of equal ones the first in the alphabet, of two forms of a word the more telling. A cluster without any is
 * named by its number.
 *
 * The weight is p · log(p / q), p the share of the cluster's texts that have the word and q that of all texts: the
 * word's part in the divergence of the cluster from the whole, a tf-idf over clusters that knows how large they are.
 * @param clusterOf by text, 0 … count − 1
 */
export function clusterNames(texts: readonly string[], clusterOf: ArrayLike<number>, count: number): string[] {
  const inAll = new Map<string, number>();
  const inCluster = Array.from({ length: count }, () => new Map<string, number>());
  const sizes = new Array<number>(count).fill(0);
  for (const [index, text] of texts.entries()) {
    const cluster = clusterOf[index]!;
    sizes[cluster]! += 1;
    for (const word of tellingWords(text)) {
      inAll.set(word, (inAll.get(word) ?? 0) + 1);
      inCluster[cluster]!.set(word, (inCluster[cluster]!.get(word) ?? 0) + 1);
    }
  }
  return inCluster.map((words, cluster) => {
    const weighted = [...words].map(([word, having]) => {
      const share = having / sizes[cluster]!;
      return { word, weight: share * Math.log((share * texts.length) / inAll.get(word)!) };
    });
    const telling = weighted
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1));
    const best: string[] = [];
    for (const { word } of telling) {
      if (best.length === WORDS_IN_NAME) break;
      if (!best.some((other) => areForms(word, other))) best.push(word);
    }
    return best.length === 0 ? `cluster ${cluster + 1}` : best.join(', ');
  });
}

function areForms(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= LONGEST_ENDING && (a.startsWith(b) || b.startsWith(a));
}

function tellingWords(text: string): Set<string> {
  const words = splitWords(text.slice(0, CHARACTERS_READ).toWellFormed().toLowerCase());
  return new Set(
    words.filter(
      (word) =>
        word.length >= SHORTEST_WORD && word.length <= LONGEST_WORD && /^\p{L}/u.test(word) && !STOP_WORDS.has(word),
    ),
  );
}
