import { describe, expect, it } from 'vitest';
import { isOwnHost, isOwnOrigin, ownHosts, pageAddresses } from '../../../src/annotate/server/allowed-hosts.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const hosts = (host: string, allowed: string[] = []) => ownHosts({ host, allowed, machineNames: ['desk-pc', 'a b'] });
const loopback = hosts('127.0.0.1');

describe('a server on loopback', () => {
  it.each(['127.0.0.1:7410', 'localhost:7410', 'LOCALHOST', '[::1]:7410', 'localhost:8000'])('goes by %s', (header) => {
    expect(isOwnHost(header, loopback)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:7410',
    'localhost.evil.example',
    'localhost.',
    '192.168.1.5:7410',
    '0.0.0.0:7410',
    'desk-pc',
    '127.0.0.1@evil.example',
    'evil.example#127.0.0.1',
    '127.0.0.1, evil.example',
    '127.0.0.1/../evil',
    'localhost:7410:7410',
    'localhost:99999',
    '[::1',
  ])('does not go by %s', (header) => {
    expect(isOwnHost(header, loopback)).toBe(false);
  });
});

describe('a server for others', () => {
  it('goes by what it was told to listen at, and by loopback, through a tunnel say', () => {
    const own = hosts('192.168.1.5');
    expect(isOwnHost('192.168.1.5:7410', own)).toBe(true);
    expect(isOwnHost('localhost:8000', own)).toBe(true);
    expect(isOwnHost('192.168.1.6:7410', own)).toBe(false);
    expect(isOwnHost('desk-pc:7410', own)).toBe(false);
  });

  it.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '0'])(
    'that listens at %s goes by any address and by this machine’s names',
    (everywhere) => {
      const own = hosts(everywhere);
      for (const header of ['192.168.1.5:7410', '[fe80::1]:7410', 'desk-pc:7410', 'DESK-PC']) {
        expect(isOwnHost(header, own)).toBe(true);
      }
      expect(isOwnHost('evil.example', own)).toBe(false);
    },
  );

  it('goes by the names it was given besides', () => {
    expect(isOwnHost('Label.Example.org', hosts('127.0.0.1', ['label.example.org']))).toBe(true);
  });

  it.each(['http://label', 'label:80', '', 'a b', 'x@y', '[::1', 'a/b'])('cannot be called %j', (name) => {
    expect(() => hosts(name)).toThrow(UsageError);
    expect(() => hosts('127.0.0.1', [name])).toThrow(/--allow-host/);
  });
});

describe('a page of this server', () => {
  const proxied = hosts('127.0.0.1', ['label.example.org']);

  it('has its name and port', () => {
    expect(isOwnOrigin('http://127.0.0.1:7410', '127.0.0.1:7410', loopback)).toBe(true);
    expect(isOwnOrigin('http://localhost', 'localhost:80', loopback)).toBe(true);
  });

  it('may be given out by a proxy by https', () => {
    expect(isOwnOrigin('https://label.example.org', 'label.example.org', proxied)).toBe(true);
    expect(isOwnOrigin('https://label.example.org:8443', 'label.example.org:8443', proxied)).toBe(true);
    expect(isOwnOrigin('https://label.example.org:8443', 'label.example.org', proxied)).toBe(false);
  });

  it.each([
    'http://127.0.0.1:3000',
    'http://localhost:7410',
    'https://127.0.0.1:7410',
    'http://evil.example',
    'http://127.0.0.1:7410.evil.example',
    'http://127.0.0.1:7410/',
    'null',
    'file://',
    '',
  ])('does not come from %j', (origin) => {
    expect(isOwnOrigin(origin, '127.0.0.1:7410', loopback)).toBe(false);
  });
});

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
