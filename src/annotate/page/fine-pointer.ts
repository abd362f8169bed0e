/**
 * Whether the person points with a mouse or the like, and so has a keyboard. Elsewhere one on the screen would open with
 * every field that has the focus, and hide half of the page.
 */
export function hasFinePointer(): boolean {
  return matchMedia('(pointer: fine)').matches;
}
