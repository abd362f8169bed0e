/** The code of a key that goes to an input method, and no further. */
const TO_INPUT_METHOD = 229;

/**
 * Whether a key belongs to an input method, for Japanese say: Enter there takes a word, Escape gives it up and arrows
 * choose another. Safari ends the composition before it tells of the key that ended it; only the old code is left then.
 */
export function isComposing({ isComposing: isUnderWay, keyCode }: KeyboardEvent): boolean {
  return isUnderWay || keyCode === TO_INPUT_METHOD;
}
