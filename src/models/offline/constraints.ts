import { type Finding, type Reading, saturate } from './reading.ts';

const CUES: readonly RegExp[] = [
  // Obligations and limits.
  /\b(?:must(?: not)?|should(?: not|n't)?|at least|at most|no (?:more|fewer|less|longer) than|exactly|only|without|avoid|except|excluding|unless|do not|don't|limit(?:ed)? to|up to|maximum|minimum|within|fewer than|less than|more than|ensure|make sure|each|such that|so that|assum(?:e|ing)|given that|constraints?|requirements?|budget)\b/gi,
  // Demands on the form of the answer.
  /\b(?:in the (?:style|form|voice|format) of|format(?:ted)? as|as an? (?:table|list|json|csv|email|letter|poem|bullet list)|bullet points?|step[- ]by[- ]step|in (?:json|csv|yaml|markdown|latex|html|sql|python|java|javascript|rust|c\+\+)|using(?: only)?|with (?:examples?|comments|citations|code)|for example|examples? of|including|include|provide evidence|support your answer|in your own words|suitable for|appropriate for|aimed at|for (?:beginners|children|experts|a general audience))\b/gi,
  // Amounts of something countable.
  /\b(?:\d{1,5}|two|three|four|five|six|seven|eight|nine|ten|twelve)[- ](?:words?|sentences?|paragraphs?|lines?|pages?|bullets?|steps?|items?|points?|examples?|reasons?|ways|options?|stanzas?|syllables?|minutes?|hours?|days?|weeks?|people|persons?|columns?|rows?|characters?)\b/gi,
];

/** This many different constraints are 63 % of what constraints can add. */
const CONSTRAINTS_SCALE = 3;

/**
 * How far the task says what a right answer must satisfy: obligations, limits, demands on form, amounts. Different cues
 * count once each. English cues only; other languages score 0 here.
 */
export function constraints(reading: Reading): Finding {
  const found = new Set<string>();
  for (const cue of CUES) {
    for (const [match] of reading.task.matchAll(cue)) found.add(match.toLowerCase().replace(/\s+/g, ' '));
  }
  return {
    value: saturate(found.size * reading.worthOfAFind, CONSTRAINTS_SCALE),
    note:
      found.size === 0
        ? ''
        : `${found.size} ${found.size === 1 ? 'constraint' : 'constraints'} (${[...found].slice(0, 3).join(', ')})`,
  };
}
