/** Sets colors and moves the cursor: CSI, parameters, a final letter. */
const CONTROL = String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?`;
/** Titles, links and device control: a text up to BEL or ST. */
const STRING = String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)?`;
/** Character sets, resets and the rest. */
const OTHER = String.raw`\u001b[ -/]*[0-~]?`;
/** No part goes on beyond the next introducer, so that a flood of them takes linear time. */
const ESCAPES = new RegExp(`${CONTROL}|${STRING}|${OTHER}`, 'g');

/** A text without escape sequences of terminals, whole or broken off. O(characters). */
export function stripEscapes(text: string): string {
  return text.replace(ESCAPES, '');
}
