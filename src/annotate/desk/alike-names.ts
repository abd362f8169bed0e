// Letters of other scripts and signs that look like these, by the Latin letter.
// Source: the pairs of Unicode's confusables (UTS 39) for letters that names are written with.
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'ьƅ',
  c: 'сϲᴄ',
  d: 'ԁ',
  e: 'еҽєε',
  g: 'ɡց',
  h: 'һհ',
  j: 'јϳ',
  k: 'кκ',
  l: 'iі1|ӏıɩι!',
  n: 'пոη',
  o: '0оοσօ',
  p: 'рρ',
  q: 'ԛգ',
  r: 'гᴦ',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υսᴜ',
  v: 'ѵνᴠ',
  w: 'ԝѡωա',
  x: 'хχ',
  y: 'уγүу',
  z: 'ᴢ',
};
const LATIN = new Map(
  Object.entries(LOOKALIKES).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);
/** Capitals that look alike although their small letters do not: Cyrillic and Greek "Н" and "В" are Latin H and B. */
const CAPITALS = new Map(
  Object.entries({ b: 'ВΒ', h: 'НΗ', m: 'МΜ', n: 'Ν', z: 'Ζ', y: 'ΥҮ', p: 'РΡ', x: 'ХΧ', k: 'КΚ' }).flatMap(
    ([latin, others]) => [...others].map((other) => [other, latin] as const),
  ),
);

/**
 * What a name looks like at a glance: without case, accents, spaces and punctuation, and with one letter for all that
 * look alike. Names with the same look are easily taken for each other.
 */
export function lookOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/ß/g, 'ss');
  const letters = [...plain].map((letter) => {
    const capital = CAPITALS.get(letter);
    const small = capital ?? letter.toLowerCase();
    return [...small].map((one) => LATIN.get(one) ?? one).join('');
  });
  const look = letters.join('').replace(/rn/g, 'm').replace(/vv/g, 'w');
  // A name of signs alone is its own look.
  return look.replace(/[^\p{L}\p{N}]/gu, '') || look;
}
