/**
 * What kinds of instructions there are by how much of an answer they ask for, and the cues of each: the first that fits
 * is taken. English only; of other languages all are `other`.
 */
const KINDS = {
  classify:
    /\b(?:classify|categori[sz]e|label|tag|identify|determine|detect|choose|select|pick|sort|arrange|true or false|yes or no|which of|positive or negative|odd one)\b/i,
  rewrite:
    /\b(?:rewrite|edit|correct|translate|paraphrase|rephrase|fix|reword|shorten|simplify|modify|revise|convert|replace|combine|insert|unscramble|fill in|complete the|punctuat\w+)\b/i,
  list: /\b(?:list|examples?|ways|steps|tips|ideas|reasons|benefits|brainstorm|suggest\w*|recommend\w*|name (?:some|\w+ \p{L}+s)\b|give (?:me )?(?:some|a list))/iu,
  write:
    /\b(?:write|create|compose|generate|construct|design|draft|develop|come up with|make up|story|essay|poem|letter|e-?mail|speech|script|blog|article about)\b/i,
  explain:
    /\b(?:explain|describe|discuss|compare|contrast|analy[sz]e|evaluate|summari[sz]e|outline|how (?:do|does|can|to|would|should|did|is|are)|why)\b/i,
  fact: /^\W*(?:who|whom|whose|when|where|which|what|how (?:many|much|old|long|far|tall|big|often)|is|are|was|were|do|does|did|can|has|have|name|calculate|solve|find|count|compute|given)\b/i,
} as const;

export const INSTRUCTION_KINDS = ['classify', 'rewrite', 'list', 'write', 'explain', 'fact', 'other'] as const;
export type InstructionKind = (typeof INSTRUCTION_KINDS)[number];

/** @param instruction in plain spelling */
export function instructionKind(instruction: string): InstructionKind {
  return INSTRUCTION_KINDS.find((kind) => kind !== 'other' && KINDS[kind].test(instruction)) ?? 'other';
}
