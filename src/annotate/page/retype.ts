/**
 * Puts another text into a field in the way typing does: the browser's own undo (Ctrl Z) gives back what was there.
 * The field has the focus afterwards, and tells of it by its input event.
 */
export function retype(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  field.select();
  // It has no successor; where a browser drops it, the text is put there all the same, by the state it is shown by.
  document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
}
