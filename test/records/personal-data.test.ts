import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../src/records/personal-data.ts';

const found = (text: string) => findPersonalData(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe('findPersonalData', () => {
  it.each([
    ['Write to ana.perez+news@mail.example.org, please.', 'e-mail', 'ana.perez+news@mail.example.org'],
    ['Ruf mich an: +49 30 901820', 'phone', '+49 30 901820'],
    ['Call (212) 736-5000 before noon', 'phone', '(212) 736-5000'],
    ['Ruf mich an: 030 901820', 'phone', '030 901820'],
    ['Meine Nummer ist 0171/2345678, bis dann', 'phone', '0171/2345678'],
    ['Appelez le 01 42 68 53 00 demain', 'phone', '01 42 68 53 00'],
    ['Ring 020 7946 0958 after six', 'phone', '020 7946 0958'],
    ['Tel.: 555-0134 22', 'phone', '555-0134 22'],
    ['My phone number is 98765 43210.', 'phone', '98765 43210'],
    ['Card 4111 1111 1111 1111 was declined', 'card', '4111 1111 1111 1111'],
    ['Pay to DE89 3704 0044 0532 0130 00 by Friday', 'IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['key=sk-proj-abcdefghijklmnopqrstuv0123', 'key', 'sk-proj-abcdefghijklmnopqrstuv0123'],
    ['AKIAIOSFODNN7EXAMPLE leaked', 'key', 'AKIAIOSFODNN7EXAMPLE'],
    ['token ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'key', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['The host 192.168.10.254 is down.', 'IP', '192.168.10.254'],
    ['ping 2001:db8::8a2e:370:7334 now', 'IP', '2001:db8::8a2e:370:7334'],
  ])('finds it in %j', (text, kind, value) => {
    expect(found(text)).toEqual([[kind, value]]);
  });

  it.each([
    'Card 4111 1111 1111 1112 has a wrong checksum',
    'In 1999 and 2024, 3.14159 and 1,000,000 people',
    'DE00 3704 0044 0532 0130 00 is not valid',
    'Version 1.2.3 of the a::b operator at 12:30:45',
    'From 01-02-2024 to 05/10/2023, at 0.123456789 or 007 000 1',
    'The code is 0012345, the part number 00-4711, the sum 01 + 02 + 03',
    'Add 0123 and 0456, then 0.5 and 00:01:30.',
    'Explain how e-mail works @ home.',
    'Use std::vector and snake_case-names',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('finds each of several, in order', () => {
    expect(found('a@b.io, 10.0.0.1 and c@d.io').map(([, value]) => value)).toEqual(['a@b.io', '10.0.0.1', 'c@d.io']);
  });

  it('finds what lies across the parts of a long text', () => {
    const text = `${'x '.repeat(49_995)}  someone@example.com and more`;
    expect(found(text)).toEqual([['e-mail', 'someone@example.com']]);
  });
});
