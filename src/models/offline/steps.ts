import { isCommand, isNumberedItem, isQuestion } from './asking.ts';
import { isClosed } from './depth.ts';
import { type Finding, type Reading, saturate } from './reading.ts';

const JOINED_TASK =
  /(?:,|;|\band\b|\bthen\b|\balso\b)\s+(?:(?:then|also|finally|briefly)\s+)?(?:add|analy[sz]e|assess|calculate|check|compare|compute|convert|create|derive|describe|design|determine|discuss|estimate|evaluate|explain|find|give|how|identify|implement|include|justify|list|make|outline|prove|provide|rank|recommend|show|solve|suggest|summari[sz]e|test|translate|what|where|which|why|write)\b/gi;

/** This many parts beyond the first are 63 % of what parts can add. */
const EXTRA_PARTS_SCALE = 2.5;

/**
 * How many things are asked: questions, commands, numbered lines, and tasks joined by "and", "then" or a comma.
 * The first is what every task has; only the further ones count. Options to choose from are not parts. Question marks
 * and numbered lines are recognised in any script.
 */
export function steps(reading: Reading): Finding {
  const closed = isClosed(reading);
  let parts = 0;
  for (const sentence of reading.sentences) {
    if (isQuestion(sentence) || isCommand(sentence) || (!closed && isNumberedItem(sentence))) {
      parts += 1 + (sentence.match(JOINED_TASK)?.length ?? 0);
    }
  }
  return {
    value: saturate((parts - 1) * reading.worthOfAFind, EXTRA_PARTS_SCALE),
    note: parts > 1 ? `asks for ${parts} things` : '',
  };
}
