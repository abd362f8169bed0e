import { splitWords } from '../text/words.ts';

/** Characters read of each text: its beginning says what it is about. */
const CHARACTERS_READ = 400;
const SHORTEST_WORD = 3;
const LONGEST_WORD = 24;
const WORDS_IN_NAME = 3;
/** Two forms of a word differ by at most this many letters: food, foods. */
const LONGEST_ENDING = 2;

/**
 * Names each cluster by its most characteristic words: words that are more frequent in it than in all texts. Ties are
 * broken alphabetically; of two forms of a word only the one with more weight is used. A cluster without such words is
 * named by its number.
 *
 * The weight is p · log(p / q), where p is the share of the cluster's texts that have the word, and q the share of all
 * texts. This is the word's term in the Kullback–Leibler divergence of the cluster from the pool.
 * @param clusterOf cluster of each text, 0 … count − 1
 */
export function clusterNames(texts: readonly string[], clusterOf: ArrayLike<number>, count: number): string[] {
  const inAll = new Map<string, number>();
  const inCluster = Array.from({ length: count }, () => new Map<string, number>());
  const sizes = new Array<number>(count).fill(0);
  for (const [index, text] of texts.entries()) {
    const cluster = clusterOf[index]!;
    sizes[cluster]! += 1;
    for (const word of candidateWords(text)) {
      inAll.set(word, (inAll.get(word) ?? 0) + 1);
      inCluster[cluster]!.set(word, (inCluster[cluster]!.get(word) ?? 0) + 1);
    }
  }
  return inCluster.map((words, cluster) => {
    const weighted = [...words].map(([word, withWord]) => {
      const share = withWord / sizes[cluster]!;
      return { word, weight: share * Math.log((share * texts.length) / inAll.get(word)!) };
    });
    const characteristic = weighted
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1));
    const best: string[] = [];
    for (const { word } of characteristic) {
      if (best.length === WORDS_IN_NAME) break;
      if (!best.some((other) => areForms(word, other))) best.push(word);
    }
    return best.length === 0 ? `cluster ${cluster + 1}` : best.join(', ');
  });
}

function areForms(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= LONGEST_ENDING && (a.startsWith(b) || b.startsWith(a));
}

function candidateWords(text: string): Set<string> {
  const words = splitWords(text.slice(0, CHARACTERS_READ).toWellFormed().toLowerCase());
  return new Set(
    words.filter(
      (word) =>
        word.length >= SHORTEST_WORD && word.length <= LONGEST_WORD && /^\p{L}/u.test(word) && !STOP_WORDS.has(word),
    ),
  );
}

/** English words that do not say what a text is about, including words that most instructions have. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against all also am an and any are aren't as at be because been before being below between
  both but by can cannot can't come could couldn't did didn't do does doesn't doing don't down during each else etc few
  for from further get give given go got had has hasn't have haven't having he her here hers herself him himself his how
  however i i'd i'll i'm i've if in into is isn't it it's its itself just let let's like make many may me might more most
  much must my myself need no nor not now of off on once one only or other ought our ours out over own per please said
  same say says shall she should so some such take than that that's the their theirs them themselves then there these
  they they're this those though three through to too two under until up upon us use used using very want was wasn't way
  we we're well were weren't what what's when where whether which while who whom whose why will with within without won't
  would wouldn't yet you you'd you'll you're your yours yourself answer question following provide write text`.split(
    /\s+/,
  ),
);
