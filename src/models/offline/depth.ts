import type { Finding, Reading } from './reading.ts';

/**
 * What a task demands of the mind, by the levels of the revised Bloom taxonomy (Anderson & Krathwohl 2001): recall is
 * the ground level, creation the top.
 */
const LEVELS: readonly { readonly level: number; readonly cues: RegExp }[] = [
  {
    level: 0.3, // understand
    cues: /\b(?:explain|describe|summari[sz]e|paraphrase|translate|classify|categori[sz]e|interpret|illustrate|outline|rewrite|rephrase|discuss|how (?:do|does|did|can|could|would|should|is|are|was|were|has|have|might|to))\b/gi,
  },
  {
    level: 0.4, // apply
    cues: /\b(?:solve|calculate|compute|determine|estimate|simulate|demonstrate|apply|convert|adapt|modify|refactor|extend)\b/gi,
  },
  {
    level: 0.55, // analyse
    cues: /\b(?:compare|contrast|analy[sz]e|analysis|differentiate|distinguish|differ|difference between|relationship between|relate|debug|diagnose|investigate|infer|deduce|why|causes?|consequences?|implications?|significance|impact|affect(?:s|ed)?|effects? of|factors|what if|pros and cons|advantages|trade-?offs?)\b/gi,
  },
  {
    level: 0.65, // evaluate
    cues: /\b(?:evaluate|assess|justify|critique|criticise|criticize|argue|arguments?|prove|proof|derive|defend|recommend|prioriti[sz]e|rank|verify|ethical|persuade|convince|evidence)\b/gi,
  },
  {
    level: 0.65, // create
    cues: /\b(?:design|develop|devise|invent|compose|implement|architect|build|formulate|hypothesi[sz]e|optimi[sz]e|propose|strategy|algorithm|essay|proposal|curriculum|plan (?:for|to|a|an|out)|a plan|write an? (?:program|function|script|method|class|story|report|speech|poem|play|guide|article))\b/gi,
  },
];

const CLOSED =
  /\b(?:yes or no|true or false|positive or negative|which (?:one )?of (?:the following|these)|multiple[- ]choice|choices?(?: are)?:|(?:choose|pick|select|decide on) (?:the|an?) (?:correct|right|best|most \w{3,12}) (?:answer|option|one)|the (?:correct|right|best) (?:answer|option)|fill in the blank)|(?:^|\s)\(?a[).:] .{0,200}?\s\(?b[).:] /is;

/** How much a task keeps of its depth when its answer is one of a few given ones. */
const CLOSED_SHARE = 0.3;

/**
 * Depth of thought asked for: each different cue adds (a noisy "or" of their levels), answers to choose from take most
 * of it away. English cues only; other languages score 0 here and are ranked by the remaining features.
 */
export function depth(reading: Reading): Finding {
  const levelOfCue = new Map<string, number>();
  for (const { level, cues } of LEVELS) {
    for (const [cue] of reading.task.matchAll(cues)) levelOfCue.set(cue.toLowerCase(), level);
  }
  let untouched = 1;
  for (const level of levelOfCue.values()) untouched *= 1 - level * reading.worthOfAFind;
  const closed = isClosed(reading);
  const deepestFirst = [...levelOfCue].sort(([, left], [, right]) => right - left).map(([cue]) => cue);
  return {
    value: (1 - untouched) * (closed ? CLOSED_SHARE : 1),
    note: deepestFirst.length === 0 || closed ? '' : `needs reasoning (${deepestFirst.slice(0, 3).join(', ')})`,
  };
}

/** Whether the answer is one of a few that the text itself lists. */
export function isClosed(reading: Reading): boolean {
  return CLOSED.test(reading.text);
}
