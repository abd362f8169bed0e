/** "openai gpt-4o-mini at https://…, rate-quality version 1 (0123456789ab), 900 tokens an item". */
const BY_LLM = /^(.+?) at \S+, \S+ version \S+ \([0-9a-f]{12}\), \d+ tokens an item/;
/** "expert-scorer-1-0123456789ab, accuracy". */
const BY_EXPERT_SCORER = /^expert-scorer-\S+, [a-z-]+/;
/** "offline-judge-1, accuracy, by …". */
const BY_OFFLINE_JUDGE = /^offline-judge-\d+, [a-z-]+(?:, by (?:(?!, of ).)+)?/;
/** "log-probability by openai davinci-002 at https://…, the first 1,024 tokens". */
const BY_LIKELIHOOD = /^(log-probability by .+?) at \S+, the first [\d,]+ tokens$/;
const DRAFTS = /, of drafts by .* where there was no response$/s;

/**
 * Who measures, of a measure's full name, for people: without address, prompt, version and limits, which are in the JSON.
 * `openai gpt-4o-mini, of drafts`; a name of another form is its own.
 */
export function shortMeasureName(name: string): string {
  return name
    .replace(BY_LLM, '$1')
    .replace(BY_EXPERT_SCORER, 'expert scorer')
    .replace(BY_OFFLINE_JUDGE, 'offline judge')
    .replace(BY_LIKELIHOOD, '$1')
    .replace(DRAFTS, ', of drafts');
}
