import { splitSentences, splitWords } from '../../text/words.ts';
import { isAddressed, isCommand } from './asking.ts';

export interface TaskPart {
  /** What is asked and under which conditions. */
  readonly task: string;
  /** Pasted material the task is about: an article, a review, a dialogue. Empty when there is none. */
  readonly material: string;
}

/** Up to this many words, all of a text is taken for the task. */
const SHORT_TEXT_WORDS = 60;
/** A line as long as this reads as a passage … */
const PASSAGE_WORDS = 60;
/** … unless at least this share of its sentences turns to the reader. */
const ADDRESSED_SHARE = 0.3;
// "Review: …", "M: …", "Father: …", "Sentence 1: …": a label or a speaker, then text.
const LABELLED = /^\s*["“']?\p{Lu}[\p{L}\p{N} _-]{0,40}:(?=\s|$)/u;
const TASK_LABEL =
  /^\s*["“']?(?:question|task|instructions?|goal|objective|requirements?|rules?|constraints?|note|hint|conditions?|deliverables?|format|output|steps?)\b/i;

/**
 * Separates a task from the material pasted into it, line by line, so that the questions of a quoted dialogue or the
 * numbers of an article are not taken for demands. Lines with a label or a speaker are material, and so are the sentences
 * of a long line that mostly tells. When nothing would be left, everything is task. O(length).
 */
export function taskPart(text: string): TaskPart {
  if (splitWords(text).length <= SHORT_TEXT_WORDS) return { task: text, material: '' };
  const task: string[] = [];
  const material: string[] = [];
  for (const line of text.split('\n')) {
    const label = LABELLED.exec(line)?.[0];
    if (label === undefined || TASK_LABEL.test(label)) {
      const parts = splitPassage(line);
      task.push(parts.task);
      material.push(parts.material);
    } else {
      // "Summarize: …" asks with its label; "Review: …" does not.
      if (isCommand(label)) task.push(label);
      material.push(line.slice(label.length));
    }
  }
  if (task.every((line) => line.trim() === '')) return { task: text, material: '' };
  return { task: task.join('\n').trim(), material: material.join('\n').trim() };
}

/** A long line is a passage when few of its sentences turn to the reader; those few are the task. */
function splitPassage(line: string): TaskPart {
  const sentences = splitSentences(line);
  const addressed = sentences.filter(isAddressed);
  if (splitWords(line).length < PASSAGE_WORDS || addressed.length >= sentences.length * ADDRESSED_SHARE) {
    return { task: line, material: '' };
  }
  const told = sentences.filter((sentence) => !isAddressed(sentence));
  return { task: addressed.join(' '), material: told.join(' ') };
}
