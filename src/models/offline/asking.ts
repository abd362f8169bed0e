/**
 * What a task sounds like: the cues by which the ranker tells a request from prose. English verbs; question marks of
 * any script.
 */

const VERBS =
  'act|add|advise|analy[sz]e|annotate|answer|apply|argue|arrange|assess|assign|brainstorm|build|calculate|categori[sz]e|change|check|choose|cite|classify|come up|compare|compile|compose|compute|condense|consider|construct|contrast|convert|correct|count|create|critique|debug|decide|define|demonstrate|derive|describe|design|detect|determine|develop|devise|diagnose|discuss|distinguish|divide|draft|draw|edit|estimate|evaluate|examine|expand|explain|explore|extract|fill|find|finish|fix|format|formulate|generate|give|group|guess|help|highlight|identify|illustrate|imagine|implement|improve|include|infer|interpret|invent|justify|label|let|list|make|match|mention|model|modify|name|offer|optimi[sz]e|order|organi[sz]e|outline|paraphrase|perform|pick|plan|point out|predict|prepare|present|pretend|prioriti[sz]e|produce|propose|prove|provide|put|rank|rate|read|re-?write|recommend|reduce|refactor|rephrase|replace|reply|report|respond|restate|return|review|say|search|select|share|shorten|show|simplify|simulate|sketch|solve|sort|specify|split|state|suggest|sum up|summari[sz]e|suppose|tag|tell|test|think|translate|transform|turn|use|verify|weigh|write';
const POLITE_OPENING = String.raw`(?:(?:please|kindly|then|also|next|finally|now|first|second|third|lastly|afterwards?|and)[,\s]+){0,2}`;
const LIST_MARK = String.raw`(?:[-*•‣]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)、])\s*`;

const QUESTION = /[?？؟]["'”’»)]?$/u;
// "As a teacher, explain …", "Using only the text, list …": a clause before the command.
const CLAUSE = String.raw`(?:(?:as|in|on|at|with|without|using|based on|given|for|if|when|imagine|suppose)\b[^,\n]{1,120},\s+)?`;
const COMMAND = new RegExp(`^(?:${LIST_MARK})?${CLAUSE}${POLITE_OPENING}(?:${VERBS})\\b`, 'iu');
const NUMBERED_ITEM = /^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)、]\s*\S/iu;
const ADDRESS =
  /\b(?:please|(?:can|could|would|will) you|you (?:are|can|should|must|will|need|have|may)|your (?:task|job|goal|answer)|i (?:need|want|would like|have to)|i'd like|help me|tell me|let me know|given (?:a|an|the|that|two|some))\b/iu;

/** Whether a sentence ends in a question mark, a closing quote after it allowed. */
export function isQuestion(sentence: string): boolean {
  return QUESTION.test(sentence);
}

/** Whether a line opens with a number or letter as parts of a task do; bullets mostly list data. */
export function isNumberedItem(line: string): boolean {
  return NUMBERED_ITEM.test(line);
}

/** Whether a sentence opens with a verb of command, a list mark or a "please" before it allowed. */
export function isCommand(sentence: string): boolean {
  return COMMAND.test(sentence);
}

/** Whether a sentence turns to its reader in some way: asks, commands, or says "you" or "I need". */
export function isAddressed(sentence: string): boolean {
  return isQuestion(sentence) || isCommand(sentence) || ADDRESS.test(sentence);
}
