/** The key that does the same, for those who see it; others hear it by the control's own `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span class="key-hint" aria-hidden="true">
      {keys.split(' ').map((key) => (
        <span class="key" key={key}>
          {key}
        </span>
      ))}
    </span>
  );
}
