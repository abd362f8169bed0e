// Finds words that our readers stumble over. Run by `npm run lint`, and by the architecture tests.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Words that readers who learned English at school stumble over. */
const AVOIDED: readonly RegExp[] = [
  'anew',
  'who(?:m|se)?ever',
  'whatever',
  'nobody',
  'somebody',
  'anybody',
  'mend(?:s|ed|ing)?',
  'told apart',
  'tells? apart',
  'it is said of',
  'is like that',
  'as many as are wanted',
  'by word of',
  '(?:goes|go|went) by the name',
  'of its own accord',
].map((words) => new RegExp(`\\b${words.replaceAll(' ', '\\s+(?:\\*\\s+|//\\s+)?')}\\b`, 'gi'));

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READ =
  /^(?:(?:src|test|bench|benchmark|scripts|prompts|docs|examples)\/.*\.(?:tsx?|md|css)|[A-Z]+\.md|data\/[^/]*\.md)$/;
/**
 * This list itself, fixtures of earlier versions, and the prompts: their text is part of what a paid run is known by, so
 * that a reworded prompt would make runs of earlier versions start again.
 */
const EXEMPT = ['scripts/plain-words', 'test/architecture/plain-words', 'test/fixtures/', 'prompts/'];

export interface AvoidedWord {
  readonly file: string;
  readonly line: number;
  readonly word: string;
}

/** Every avoided word of a text. */
export function avoidedWords(file: string, text: string): AvoidedWord[] {
  return AVOIDED.flatMap((words) =>
    [...text.matchAll(words)].map(({ 0: word, index }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      word,
    })),
  );
}

/** Every avoided word of the project. */
export function avoidedWordsOfProject(): AvoidedWord[] {
  return ['src', 'test', 'bench', 'scripts', 'prompts', 'docs', 'examples', 'data', '.']
    .flatMap((folder) => filesOf(folder))
    .filter((file) => READ.test(file) && !EXEMPT.some((start) => file.startsWith(start)))
    .flatMap((file) => avoidedWords(file, readFileSync(`${ROOT}${file}`, 'utf8')));
}

function filesOf(folder: string): string[] {
  try {
    const names = readdirSync(`${ROOT}${folder}`, { recursive: folder !== '.', encoding: 'utf8' });
    return names.map((name) => (folder === '.' ? name : `${folder}/${name.replaceAll('\\', '/')}`));
  } catch {
    return [];
  }
}
