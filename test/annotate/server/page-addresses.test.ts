import { expect, it } from 'vitest';
import { pageAddresses } from '../../../src/annotate/server/page-addresses.ts';

const machineAddresses = ['192.168.1.5', 'fd00::5'];
const tokens = { annotator: 'annotator+token/01==', lead: 'lead-token-01234567' };

it('names this machine alone where it is for this machine', () => {
  expect(pageAddresses({ host: '127.0.0.1', port: 7410, tokens: null, machineAddresses })).toEqual({
    annotators: 'http://127.0.0.1:7410/',
    leads: 'http://127.0.0.1:7410/lead',
  });
});

it('bears the tokens where browsers send them nowhere', () => {
  const { annotators, leads } = pageAddresses({ host: '10.0.0.2', port: 80, tokens, machineAddresses });
  expect(annotators).toBe('http://10.0.0.2:80/#token=annotator%2Btoken%2F01%3D%3D');
  expect(new URLSearchParams(new URL(annotators).hash.slice(1)).get('token')).toBe(tokens.annotator);
  expect(leads).toBe('http://10.0.0.2:80/lead#token=lead-token-01234567');
});

it('names an address that others reach where it listens on all of them', () => {
  const address = (host: string, addresses: readonly string[]) =>
    pageAddresses({ host, port: 1, tokens: null, machineAddresses: addresses }).annotators;
  expect(address('0.0.0.0', machineAddresses)).toBe('http://192.168.1.5:1/');
  expect(address('::', ['fd00::5'])).toBe('http://[fd00::5]:1/');
  expect(address('0.0.0.0', [])).toBe('http://127.0.0.1:1/');
  expect(address('Desk-PC', machineAddresses)).toBe('http://desk-pc:1/');
});
