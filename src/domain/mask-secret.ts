/** Shorter secrets are words that stand in texts by chance. */
const SHORTEST_SECRET = 8;
const MASK = '[key]';

/** What may stand between two characters of a secret that was broken into lines, also in JSON. */
const GAPS = /\s+|\\{1,4}[nrt]/g;

/**
 * A text from outside with a secret masked, also where it is percent-encoded (twice, even), in base64 (by itself or within
 * what was encoded, such as a login), written in JSON with escapes, in another letter case, or broken by spaces and line
 * ends. O(text).
 * @param secret shorter ones than 8 characters are left alone
 */
export function maskSecret(text: string, secret: string): string {
  if (secret.length < SHORTEST_SECRET) return text;
  const encoded = encodeURIComponent(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const written = [secret, inJson, JSON.stringify(inJson).slice(1, -1), encoded, encodeURIComponent(encoded)];
  const forms = [...new Set([...written, ...base64Forms(secret)].map(compact))];
  const hide = (from: string) => withoutForms(from, forms);
  const hidden = hide(text);
  const plain = withoutNeedlessEscapes(hidden);
  if (plain === hidden) return hidden;
  const hiddenInPlain = hide(plain);
  return hiddenInPlain === plain ? hidden : hiddenInPlain;
}

/** Without gaps, and with the letters of keys in lower case. */
function compact(text: string): string {
  return text.replace(GAPS, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** @param forms compact */
function withoutForms(text: string, forms: readonly string[]): string {
  const searched = compact(text);
  const found = forms.flatMap((form) => placesOf(form, searched)).sort((a, b) => a.start - b.start);
  if (found.length === 0) return text;
  const places = placesBeforeCompaction(text, searched.length);
  let [shown, done] = ['', 0];
  for (const { start, end } of found) {
    const [from, to] = [places[start]!, places[end - 1]! + 1];
    if (to <= done) continue;
    // Forms may overlap, as those in base64 do.
    shown += from < done ? '' : text.slice(done, from) + MASK;
    done = to;
  }
  return shown + text.slice(done);
}

function placesOf(form: string, text: string): { readonly start: number; readonly end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
    places.push({ start: at, end: at + form.length });
  }
  return places;
}

/** Place in the compact text → place in the text. */
function placesBeforeCompaction(text: string, length: number): Int32Array {
  const places = new Int32Array(length);
  let [compacted, at] = [0, 0];
  const keep = (end: number) => {
    for (; at < end; at += 1) places[compacted++] = at;
  };
  for (const gap of text.matchAll(GAPS)) {
    keep(gap.index);
    at = gap.index + gap[0].length;
  }
  keep(text.length);
  return places;
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
