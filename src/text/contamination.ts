import { comparableWords, gramLength } from './comparable-words.ts';

/** Why a text counts as contaminated by a test text. */
export type ContaminationRule =
  | 'same text'
  | 'contains it'
  | 'is part of it'
  | 'shares 13 words'
  | 'shares 80 % of the words';

export interface Contamination {
  /** Index of the test text. */
  readonly test: number;
  readonly rule: ContaminationRule;
}

/** A text of fewer words is found in too many others by chance: only the same text counts. */
const FEWEST_WORDS = 5;
const LEAST_OVERLAP = 0.8;
/** Room for words put in between. */
const WINDOW = 1.25;
/** A sequence that more texts have is a template. Source: Brown et al. 2020 (arXiv 2005.14165), appendix C. */
const TEMPLATE_TEXTS = 10;

/** One test text, as it is looked for. */
interface TestText {
  readonly words: readonly string[];
  readonly distinct: ReadonlySet<string>;
  readonly key: string;
}

/**
 * Finds the texts that repeat a test text, contain one, or are part of one; case, punctuation and wrapping aside. A text
 * counts
 *
 * - when its words are the same;
 * - when one of the two holds all words of the other in a row, of at least five;
 * - when they share 13 words in a row that at most ten texts have: more are a template;
 * - when a stretch of one, a quarter longer than the other, has 80 % of its words, and 80 % of them weighed by rarity:
 *   "the capital of France" and "the capital of Spain" differ in the word that counts.
 *
 * In scripts without spaces a character stands for half a word. O(words) for the first three rules; the last compares only
 * texts that share one of their rarest words.
 *
 * Source: Brown et al. 2020 (arXiv 2005.14165), appendix C, for the 13-grams; prefix filtering by Bayardo et al. 2007.
 * @returns by index into `texts`, ascending; the first rule that holds
 */
export function findContamination(texts: readonly string[], tests: readonly string[]): Map<number, Contamination> {
  const found = new Map<number, Contamination>();
  if (tests.length === 0) return found;
  const search = new ContaminationSearch(tests.map(comparableWords));
  const words = texts.map(comparableWords);
  const templates = search.templatesOf(words);
  const rarity = rarityIn([...words, ...search.tests.map((test) => test.words)]);
  for (const [index, own] of words.entries()) {
    const match = search.matchRow(own, templates) ?? search.matchOverlap(own, rarity);
    if (match) found.set(index, match);
  }
  return found;
}

class ContaminationSearch {
  readonly tests: readonly TestText[];
  /** Whole texts, and every sequence that is looked for, by the test text that has it first. */
  readonly #whole = new Map<string, number>();
  readonly #grams = new Map<string, number>();
  readonly #short = new Map<number, Map<string, number>>();
  /** Every sequence of a length, made when a text of that length is looked up. */
  readonly #windows = new Map<number, Map<string, number>>();
  readonly #holders = new Map<string, number[]>();
  #rarest: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(tests: readonly (readonly string[])[]) {
    this.tests = tests.map((words) => ({ words, distinct: new Set(words), key: words.join(' ') }));
    for (const [test, { words, key }] of this.tests.entries()) {
      if (words.length === 0) continue;
      setOnce(this.#whole, key, test);
      const length = gramLength(words);
      if (words.length >= length) for (const gram of windowsOf(words, length)) setOnce(this.#grams, gram, test);
      else if (words.length >= FEWEST_WORDS) {
        const ofLength = this.#short.get(words.length) ?? new Map<string, number>();
        this.#short.set(words.length, setOnce(ofLength, key, test));
      }
      for (const word of new Set(words)) {
        const holders = this.#holders.get(word);
        if (holders) holders.push(test);
        else this.#holders.set(word, [test]);
      }
    }
  }

  /** Sequences of test texts that more than ten of the texts have. */
  templatesOf(texts: readonly (readonly string[])[]): ReadonlySet<string> {
    const counts = new Map<string, number>();
    for (const words of texts) {
      const own = new Set<string>();
      for (const gram of windowsOf(words, gramLength(words))) if (this.#grams.has(gram)) own.add(gram);
      for (const gram of own) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return new Set([...counts].flatMap(([gram, count]) => (count > TEMPLATE_TEXTS ? [gram] : [])));
  }

  matchRow(words: readonly string[], templates: ReadonlySet<string>): Contamination | undefined {
    if (words.length === 0) return undefined;
    const same = this.#whole.get(words.join(' '));
    if (same !== undefined) return { test: same, rule: 'same text' };
    for (const [length, known] of this.#short) {
      for (const window of windowsOf(words, length)) {
        const test = known.get(window);
        if (test !== undefined) return { test, rule: 'contains it' };
      }
    }
    const length = gramLength(words);
    if (words.length < length) {
      const test = words.length < FEWEST_WORDS ? undefined : this.#ofLength(words.length).get(words.join(' '));
      return test === undefined ? undefined : { test, rule: 'is part of it' };
    }
    for (const gram of windowsOf(words, length)) {
      const test = this.#grams.get(gram);
      if (test !== undefined && !templates.has(gram)) return { test, rule: 'shares 13 words' };
    }
    return undefined;
  }

  matchOverlap(words: readonly string[], rarity: ReadonlyMap<string, number>): Contamination | undefined {
    if (words.length < FEWEST_WORDS) return undefined;
    const weightOf = (word: string) => rarity.get(word) ?? 0;
    this.#rarest ??= this.#holdersOfRarest(weightOf);
    const distinct = new Set(words);
    const candidates = new Set<number>();
    for (const word of rarestOf(words, weightOf))
      for (const test of this.#holders.get(word) ?? []) candidates.add(test);
    for (const word of distinct) for (const test of this.#rarest.get(word) ?? []) candidates.add(test);
    for (const test of [...candidates].sort((a, b) => a - b)) {
      const { words: others, distinct: otherDistinct } = this.tests[test]!;
      const [fewer, more] = distinct.size <= otherDistinct.size ? [distinct, otherDistinct] : [otherDistinct, distinct];
      let shared = 0;
      for (const word of fewer) if (more.has(word)) shared += 1;
      // A word may come several times, so a fifth of the words may be more than a fifth of the distinct ones.
      if (shared < fewer.size - (1 - LEAST_OVERLAP) * Math.min(words.length, others.length)) continue;
      if (overlaps(words, others, weightOf)) return { test, rule: 'shares 80 % of the words' };
    }
    return undefined;
  }

  #holdersOfRarest(weightOf: (word: string) => number): ReadonlyMap<string, readonly number[]> {
    const holders = new Map<string, number[]>();
    for (const [test, { words }] of this.tests.entries()) {
      for (const word of rarestOf(words, weightOf)) {
        const others = holders.get(word);
        if (others) others.push(test);
        else holders.set(word, [test]);
      }
    }
    return holders;
  }

  #ofLength(length: number): ReadonlyMap<string, number> {
    const known = this.#windows.get(length);
    if (known) return known;
    const made = new Map<string, number>();
    for (const [test, { words }] of this.tests.entries()) {
      for (const window of windowsOf(words, length)) setOnce(made, window, test);
    }
    this.#windows.set(length, made);
    return made;
  }
}

function setOnce<K, V>(map: Map<K, V>, key: K, value: V): Map<K, V> {
  if (!map.has(key)) map.set(key, value);
  return map;
}

function* windowsOf(words: readonly string[], length: number): Generator<string> {
  for (let start = 0; start + length <= words.length; start += 1) yield words.slice(start, start + length).join(' ');
}

/** Of two texts with 80 % of the words in common, the shorter one shares one of these with the other. */
function rarestOf(words: readonly string[], weightOf: (word: string) => number): ReadonlySet<string> {
  const distinct = [...new Set(words)].sort((a, b) => weightOf(b) - weightOf(a) || (a < b ? -1 : 1));
  return new Set(distinct.slice(0, Math.floor((1 - LEAST_OVERLAP) * words.length) + 1));
}

/** Whether some stretch of the longer text has most words of the shorter one, by number and by rarity. */
function overlaps(a: readonly string[], b: readonly string[], weightOf: (word: string) => number): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < FEWEST_WORDS) return false;
  const wanted = new Map<string, number>();
  for (const word of short) wanted.set(word, (wanted.get(word) ?? 0) + 1);
  const total = short.reduce((sum, word) => sum + weightOf(word), 0);
  const size = Math.ceil(WINDOW * short.length);
  const inside = new Map<string, number>();
  let [count, weight] = [0, 0];
  for (const [at, word] of long.entries()) {
    const times = (inside.get(word) ?? 0) + 1;
    inside.set(word, times);
    if (times <= (wanted.get(word) ?? 0)) {
      count += 1;
      weight += weightOf(word);
    }
    const leaving = at - size < 0 ? undefined : long[at - size]!;
    if (leaving !== undefined) {
      const left = inside.get(leaving)!;
      inside.set(leaving, left - 1);
      if (left <= (wanted.get(leaving) ?? 0)) {
        count -= 1;
        weight -= weightOf(leaving);
      }
    }
    if (count >= LEAST_OVERLAP * short.length && weight >= LEAST_OVERLAP * total) return true;
  }
  return false;
}

/** How rare each word is: log(n / texts that have it). */
function rarityIn(texts: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, Math.log((1 + texts.length) / count)]));
}
