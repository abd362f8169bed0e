/** Shorter secrets are words that stand in texts by chance. */
const SHORTEST_SECRET = 8;
const MASK = '[key]';

/**
 * A text from outside with a secret masked, also where it is percent-encoded, in base64 (by itself or within what
 * was encoded, such as a login), or written in JSON with escapes. O(text).
 * @param secret shorter ones than 8 characters are left alone
 */
export function maskSecret(text: string, secret: string): string {
  if (secret.length < SHORTEST_SECRET) return text;
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64Forms(secret)];
  const hide = (from: string) => [...new Set(forms)].reduce((shown, form) => shown.replaceAll(form, MASK), from);
  const hidden = hide(text);
  const plain = withoutNeedlessEscapes(hidden);
  const hiddenInPlain = hide(plain);
  return hiddenInPlain === plain ? hidden : hiddenInPlain;
}

/** The characters that encode the secret alone, for each place among the three bytes of a group that it may start at. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(start, end));
  });
}

/** The same JSON: what can stand in a string as it is, is no longer escaped. */
function withoutNeedlessEscapes(json: string): string {
  return json.replace(/\\(?:[^u]|u00([2-7][\da-f]))/gi, (written, code: string | undefined) => {
    const character = code === undefined ? written.slice(1) : String.fromCharCode(Number.parseInt(code, 16));
    const isNeedless = code === undefined ? character === '/' : !/["\\\u007f]/.test(character);
    return isNeedless ? character : written;
  });
}
