import { isIP } from 'node:net';
import { isValidIBAN } from 'ibantools';
import { type CountryCode, findPhoneNumbersInText, isValidPhoneNumber } from 'libphonenumber-js';

/** What is looked for. Names and street addresses are not. */
export const PERSONAL_DATA_KINDS = ['e-mail', 'phone', 'card', 'IBAN', 'key', 'IP'] as const;
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number];

export interface PersonalData {
  readonly kind: PersonalDataKind;
  /** Characters from `start` up to `end`. */
  readonly start: number;
  readonly end: number;
}

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}\p{L}{2,24}/gu;
/** 13 to 19 digits, in groups or not. */
const CARD = /(?<![\d.])\d(?:[ -]?\d){12,18}(?!\d)/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/gi;
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
/** Keys say whose they are by how they begin. */
const KEY = new RegExp(
  [
    String.raw`\b(?:sk|pk|rk)[-_](?:[A-Za-z]+[-_])*[A-Za-z0-9_-]{16,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    String.raw`\bgh[pousr]_[A-Za-z0-9]{20,}`,
    String.raw`\bgithub_pat_[A-Za-z0-9_]{20,}`,
    String.raw`\bglpat-[A-Za-z0-9_-]{16,}`,
    String.raw`\bxox[abeoprs]-[A-Za-z0-9-]{10,}`,
    String.raw`\bAIza[A-Za-z0-9_-]{30,}`,
    String.raw`\bhf_[A-Za-z0-9]{20,}`,
    String.raw`\bnpm_[A-Za-z0-9]{30,}`,
    String.raw`\bey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,
    String.raw`\bBearer\s+[A-Za-z0-9._~+/-]{16,}=*`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`,
  ].join('|'),
  'g',
);
/** Most texts hold none of the characters that all kinds need. */
const WORTH_A_LOOK = /@|\d{4}|\d[\d\s().-]{5,}\d|:[0-9a-f]*:|[-_]|Bearer|\bey|AKIA|ASIA|AIza/i;
/** Code has shorter ones, such as a::b. */
const LEAST_COLONS = 3;
/** Numbers without a country code are read as those of the United States, or as these where they begin with 0. */
const DEFAULT_COUNTRY = 'US';
const NATIONAL: readonly CountryCode[] = [
  ...([
    'GB',
    'DE',
    'FR',
    'IT',
    'NL',
    'BE',
    'CH',
    'AT',
    'SE',
    'JP',
    'KR',
    'CN',
    'IN',
    'AU',
    'ZA',
    'TR',
    'UA',
    'TH',
  ] as const),
];
/** Groups of digits after a 0, as people write a number at home. Dates and decimals begin otherwise. */
const NATIONAL_FORM =
  /(?<![\w.,:+/-]|\d )\(?0\d{1,4}\)?(?:[ /-]{1,3}\d{2,8}){1,5}(?![\w:/-]|[.,]\d)|(?<![\w.,:+/-])0\d{9,10}(?![\w:/-]|[.,]\d)/g;
/** A number in any form, after a word that says so. */
const CALLED =
  /(?<![\p{L}])(?:tel(?:e(?:phone|fon|fono|foon))?|phone|mobile|mobil|handy|cell|whatsapp|fax|ruf(?:nummer|\s+mich\s+an)?|t[eé]l|tlf|call me(?: at| on)?|電話|电话|전화)[.:\s#-]{1,4}(?:(?:number|nr|no|nummer|is|ist|unter|at|on)[.:\s]{1,3}){0,2}(\+?\(?\d[\d ()/.-]{5,20}\d)(?![\d.]*\d)/giu;
const LEAST_PHONE_DIGITS = 7;
const MOST_PHONE_DIGITS = 15;
const LONGEST_LOOK = 100_000;

/**
 * Finds personal data in a text: e-mail addresses, phone numbers, payment cards (Luhn), IBANs (checksum), keys and tokens,
 * IP addresses. Phone numbers are valid ones, international or national (see NATIONAL), or any after a word such as "Tel.". In order, without overlaps: where
 * two kinds overlap, the earlier in the list of kinds of certain form counts (key, IBAN, card, e-mail, IP, phone).
 * Cost: O(length), some µs for a text without digits, @ or dashes. The text is looked at in parts of 100,000 characters.
 */
export function findPersonalData(text: string): PersonalData[] {
  if (!WORTH_A_LOOK.test(text)) return [];
  const found: PersonalData[] = [];
  for (let first = 0; first < text.length; first += LONGEST_LOOK) {
    // What lies across two parts is found in the overlap.
    const part = text.slice(Math.max(0, first - 200), first + LONGEST_LOOK);
    const offset = Math.max(0, first - 200);
    for (const one of findInPart(part)) {
      const moved = { ...one, start: one.start + offset, end: one.end + offset };
      if (!found.some((other) => moved.start < other.end && other.start < moved.end)) found.push(moved);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function findInPart(text: string): PersonalData[] {
  const found: PersonalData[] = [];
  const add = (kind: PersonalDataKind, start: number, end: number) => {
    if (!found.some((other) => start < other.end && other.start < end)) found.push({ kind, start, end });
  };
  const addAll = (kind: PersonalDataKind, pattern: RegExp, isReal: (match: string) => boolean = () => true) => {
    for (const { 0: match, index } of text.matchAll(pattern)) if (isReal(match)) add(kind, index, index + match.length);
  };
  addAll('key', KEY);
  addIbans(text, add);
  addAll('card', CARD, isCard);
  addAll('e-mail', EMAIL);
  addAll('IP', IPV4, (match) => isIP(match) === 4);
  addAll('IP', IPV6, (match) => isIP(match) === 6 && match.split(':').length > LEAST_COLONS);
  if (/\d[\d\s().-]{5,}\d/.test(text)) {
    for (const { startsAt, endsAt } of findPhoneNumbersInText(text, DEFAULT_COUNTRY)) add('phone', startsAt, endsAt);
    addAll('phone', NATIONAL_FORM, isNationalNumber);
    for (const { 0: match, 1: number = '', index } of text.matchAll(CALLED)) {
      const digits = number.replaceAll(/\D/g, '').length;
      const start = index + match.length - number.length;
      if (digits >= LEAST_PHONE_DIGITS && digits <= MOST_PHONE_DIGITS) add('phone', start, start + number.length);
    }
  }
  return found;
}

/** Dates such as 01-02-2024 have the form of a number too. */
function isNationalNumber(text: string): boolean {
  if (/^\d\d[-/]\d\d[-/]\d{2,4}$/.test(text)) return false;
  return NATIONAL.some((country) => isValidPhoneNumber(text, country));
}

/** Words after an IBAN look like more of it, so shorter readings are tried too. */
function addIbans(text: string, add: (kind: PersonalDataKind, start: number, end: number) => void): void {
  for (const { 0: match, index } of text.matchAll(IBAN)) {
    for (let end = match.length; end >= 15; end -= 1) {
      if (!/[A-Za-z0-9]/.test(match[end - 1]!)) continue;
      if (!isValidIBAN(match.slice(0, end).replaceAll(' ', '').toUpperCase())) continue;
      add('IBAN', index, index + end);
      break;
    }
  }
}

/** Luhn's checksum, ISO/IEC 7812-1, annex B. */
function isCard(text: string): boolean {
  const digits = [...text.replaceAll(/\D/g, '')].map(Number).reverse();
  if (digits.every((digit) => digit === digits[0])) return false;
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit : 2 * digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
