import { isIP } from 'node:net';
import { UsageError } from '../../domain/errors.ts';
import type { AccessTokens } from './access-tokens.ts';

/** What browsers may call this server. */
export interface OwnHosts {
  /** As in URLs: lower case, IPv6 in brackets. */
  readonly names: ReadonlySet<string>;
  /** Those the user named: a proxy may answer to them by https. */
  readonly proxied: ReadonlySet<string>;
  /** Whether any IP address will do, because it listens on all of them. */
  readonly anyAddress: boolean;
}

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = ['localhost', LOOPBACK, '[::1]'];
const EVERY_ADDRESS = ['0.0.0.0', '[::]'];
const NAME = /^(?:\[[\da-f:.]+\]|[\w.-]+)$/i;
const NAME_AND_PORT = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/**
 * @param options.host where it listens
 * @param options.allowed further names, of a proxy say
 * @param options.machineNames heeded where it listens on every address
 * @throws UsageError for what is neither a name nor an address
 */
export function ownHosts(options: {
  readonly host: string;
  readonly allowed: readonly string[];
  readonly machineNames: readonly string[];
}): OwnHosts {
  const host = hostName(options.host, '--host');
  const proxied = options.allowed.map((name) => hostName(name, '--allow-host'));
  const anyAddress = listensEverywhere(options.host);
  const machine = anyAddress ? options.machineNames.flatMap((name) => canonicalName(name) ?? []) : [];
  return { names: new Set([...LOOPBACK_NAMES, host, ...proxied, ...machine]), proxied: new Set(proxied), anyAddress };
}

/** Whether a server that listens there is reached by each of the machine's addresses. */
export function listensEverywhere(host: string): boolean {
  return EVERY_ADDRESS.includes(canonicalName(host) ?? '');
}

/** How it is written in URLs: lower case, IPv6 in brackets. Undefined for what is neither a name nor an address. */
export function canonicalName(host: string): string | undefined {
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return NAME.test(bracketed) && URL.canParse(`http://${bracketed}`)
    ? new URL(`http://${bracketed}`).hostname
    : undefined;
}

/**
 * Whether a request was meant for this server. A page elsewhere whose name was pointed at this machine after it was
 * loaded (DNS rebinding) sends its own name. Ports are not compared: a browser sends the one it dialed, which a tunnel
 * or a container may map.
 */
export function isOwnHost(header: string | undefined, { names, anyAddress }: OwnHosts): boolean {
  if (header === undefined || !NAME_AND_PORT.test(header) || !URL.canParse(`http://${header}`)) return false;
  const { hostname } = new URL(`http://${header}`);
  return names.has(hostname) || (anyAddress && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0);
}

/** Whether a page of this server sent it: same name, same port, and https only by a proxy. */
export function isOwnOrigin(origin: string, hostHeader: string, { proxied }: OwnHosts): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, host, origin: canonical } = new URL(origin);
  if (canonical !== origin || (protocol !== 'http:' && (protocol !== 'https:' || !proxied.has(hostname)))) return false;
  return new URL(`${protocol}//${hostHeader}`).host === host;
}

function hostName(host: string, option: string): string {
  const name = canonicalName(host);
  if (name !== undefined) return name;
  throw new UsageError(
    `${option} ${host} is neither a name nor an IP address.`,
    'Name the host alone, without http:// and without a port.',
  );
}

/** What people open. With tokens, each is a secret: whoever has it may come in. */
export interface PageAddresses {
  readonly annotators: string;
  readonly leads: string;
}

/**
 * Addresses of a page. A token stands behind `#`: browsers send that part nowhere.
 * @param options.machineAddresses of which the first is named where the server listens on all of them
 */
export function pageAddresses(options: {
  readonly host: string;
  readonly port: number;
  readonly tokens: AccessTokens | null;
  readonly machineAddresses: readonly string[];
}): PageAddresses {
  const { host, port, tokens, machineAddresses } = options;
  const name = listensEverywhere(host) ? (machineAddresses[0] ?? LOOPBACK) : host;
  const page = `http://${canonicalName(name)}:${port}/`;
  const fragment = (token: string | undefined) => (token === undefined ? '' : `#token=${encodeURIComponent(token)}`);
  return { annotators: `${page}${fragment(tokens?.annotator)}`, leads: `${page}lead${fragment(tokens?.lead)}` };
}
