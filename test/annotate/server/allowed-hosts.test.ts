import { describe, expect, it } from 'vitest';
import {
  allowedHosts,
  isAllowedHost,
  isAllowedOrigin,
  pageAddresses,
} from '../../../src/annotate/server/allowed-hosts.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const hosts = (host: string, allowed: string[] = []) =>
  allowedHosts({ host, allowed, machineNames: ['desk-pc', 'a b'] });
const loopback = hosts('127.0.0.1');

describe('a server on loopback', () => {
  it.each(['127.0.0.1:7410', 'localhost:7410', 'LOCALHOST', '[::1]:7410', 'localhost:8000'])('accepts %s', (header) => {
    expect(isAllowedHost(header, loopback)).toBe(true);
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
  ])('refuses %s', (header) => {
    expect(isAllowedHost(header, loopback)).toBe(false);
  });
});

describe('a server for others', () => {
  it('accepts the host it listens on, and loopback, for example through a tunnel', () => {
    const own = hosts('192.168.1.5');
    expect(isAllowedHost('192.168.1.5:7410', own)).toBe(true);
    expect(isAllowedHost('localhost:8000', own)).toBe(true);
    expect(isAllowedHost('192.168.1.6:7410', own)).toBe(false);
    expect(isAllowedHost('desk-pc:7410', own)).toBe(false);
  });

  it.each(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '0'])(
    'that listens on %s accepts any address and this machine’s names',
    (everywhere) => {
      const own = hosts(everywhere);
      for (const header of ['192.168.1.5:7410', '[fe80::1]:7410', 'desk-pc:7410', 'DESK-PC']) {
        expect(isAllowedHost(header, own)).toBe(true);
      }
      expect(isAllowedHost('evil.example', own)).toBe(false);
    },
  );

  it('accepts the added names', () => {
    expect(isAllowedHost('Label.Example.org', hosts('127.0.0.1', ['label.example.org']))).toBe(true);
  });

  it.each(['http://label', 'label:80', '', 'a b', 'x@y', '[::1', 'a/b'])(
    'refuses to start with the name %j',
    (name) => {
      expect(() => hosts(name)).toThrow(UsageError);
      expect(() => hosts('127.0.0.1', [name])).toThrow(expect.objectContaining({ data: { option: 'allowHost' } }));
    },
  );
});

describe('a page of this server', () => {
  const proxied = hosts('127.0.0.1', ['label.example.org']);

  it('has the name and port of the server', () => {
    expect(isAllowedOrigin('http://127.0.0.1:7410', '127.0.0.1:7410', loopback)).toBe(true);
    expect(isAllowedOrigin('http://localhost', 'localhost:80', loopback)).toBe(true);
  });

  it('may come through a proxy with https', () => {
    expect(isAllowedOrigin('https://label.example.org', 'label.example.org', proxied)).toBe(true);
    expect(isAllowedOrigin('https://label.example.org:8443', 'label.example.org:8443', proxied)).toBe(true);
    expect(isAllowedOrigin('https://label.example.org:8443', 'label.example.org', proxied)).toBe(false);
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
  ])('is not at %j', (origin) => {
    expect(isAllowedOrigin(origin, '127.0.0.1:7410', loopback)).toBe(false);
  });
});

const machineAddresses = ['192.168.1.5', 'fd00::5'];
const tokens = { annotator: 'annotator+token/01==', lead: 'lead-token-01234567' };

it('links to loopback if only this machine can reach the page', () => {
  expect(pageAddresses({ host: '127.0.0.1', port: 7410, tokens: null, machineAddresses })).toEqual({
    annotators: 'http://127.0.0.1:7410/',
    leads: 'http://127.0.0.1:7410/lead',
    people: [],
  });
});

it('puts tokens into the part of the link that browsers never send', () => {
  const people = [{ annotator: 'Ann', token: '1.x' }];
  const server = { host: '10.0.0.2', port: 80, machineAddresses, people };
  const { annotators, leads, people: personal } = pageAddresses({ ...server, tokens });
  expect(annotators).toBe('http://10.0.0.2:80/#token=annotator%2Btoken%2F01%3D%3D');
  expect(new URLSearchParams(new URL(annotators!).hash.slice(1)).get('token')).toBe(tokens.annotator);
  expect(leads).toBe('http://10.0.0.2:80/lead#token=lead-token-01234567');
  expect(personal).toEqual([{ annotator: 'Ann', link: 'http://10.0.0.2:80/#token=1.x' }]);
  expect(pageAddresses({ ...server, tokens: { ...tokens, annotator: null } }).annotators).toBeNull();
});

it('links to an address that others can reach if the server listens on all of them', () => {
  const address = (host: string, addresses: readonly string[]) =>
    pageAddresses({ host, port: 1, tokens: null, machineAddresses: addresses }).annotators;
  expect(address('0.0.0.0', machineAddresses)).toBe('http://192.168.1.5:1/');
  expect(address('::', ['fd00::5'])).toBe('http://[fd00::5]:1/');
  expect(address('0.0.0.0', [])).toBe('http://127.0.0.1:1/');
  expect(address('Desk-PC', machineAddresses)).toBe('http://desk-pc:1/');
});
