import { isIP } from 'node:net';
import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { AccessTokens } from './access-tokens.ts';

/** The host names that requests may use. */
export interface AllowedHosts {
  /** As in URLs: lower case, IPv6 in brackets. */
  readonly names: ReadonlySet<string>;
  /** Names that the user added. A proxy may serve these over https. */
  readonly proxied: ReadonlySet<string>;
  /** Whether any IP address is allowed, because the server listens on all of them. */
  readonly anyAddress: boolean;
}

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = ['localhost', LOOPBACK, '[::1]'];
const ALL_ADDRESSES = ['0.0.0.0', '[::]'];
const NAME = /^(?:\[[\da-f:.]+\]|[\w.-]+)$/i;
const NAME_AND_PORT = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/**
 * @param options.host where the server listens
 * @param options.allowed more names, for example of a proxy
 * @param options.machineNames used only if the server listens on all addresses
 * @throws UsageError for text that is neither a host name nor an IP address
 */
export function allowedHosts(options: {
  readonly host: string;
  readonly allowed: readonly string[];
  readonly machineNames: readonly string[];
}): AllowedHosts {
  const host = hostName(options.host, 'host');
  const proxied = options.allowed.map((name) => hostName(name, 'allowHost'));
  const anyAddress = listensEverywhere(options.host);
  const machine = anyAddress ? options.machineNames.flatMap((name) => canonicalName(name) ?? []) : [];
  return { names: new Set([...LOOPBACK_NAMES, host, ...proxied, ...machine]), proxied: new Set(proxied), anyAddress };
}

/**
 * Whether a request was meant for this server. With DNS rebinding, another site points its own name at this machine
 * after its page was loaded, and its requests carry that name. Ports are not compared: the browser sends the port it
 * connects to, which a tunnel or a container may map to another.
 */
export function isAllowedHost(header: string | undefined, { names, anyAddress }: AllowedHosts): boolean {
  if (header === undefined || !NAME_AND_PORT.test(header) || !URL.canParse(`http://${header}`)) return false;
  const { hostname } = new URL(`http://${header}`);
  return names.has(hostname) || (anyAddress && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0);
}

/** Whether a page of this server sent the request: same name, same port, and https only through a proxy. */
export function isAllowedOrigin(origin: string, hostHeader: string, { proxied }: AllowedHosts): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, host, origin: canonical } = new URL(origin);
  if (canonical !== origin || (protocol !== 'http:' && (protocol !== 'https:' || !proxied.has(hostname)))) return false;
  return new URL(`${protocol}//${hostHeader}`).host === host;
}

function hostName(host: string, optionName: string): string {
  const name = canonicalName(host);
  if (name !== undefined) return name;
  throw new UsageError(
    sentence`${option(optionName, host)} is neither a host name nor an IP address.`,
    'Give only the host, without http:// and without a port.',
  );
}

/** A host as URLs write it: lower case, IPv6 in brackets. Undefined for text that is not a host. */
function canonicalName(host: string): string | undefined {
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return NAME.test(bracketed) && URL.canParse(`http://${bracketed}`)
    ? new URL(`http://${bracketed}`).hostname
    : undefined;
}

/** Whether a server that listens on this host can be reached at every address of the machine. */
function listensEverywhere(host: string): boolean {
  return ALL_ADDRESSES.includes(canonicalName(host) ?? '');
}

/** The links to the page. With tokens, anyone with a link has access. */
export interface PageAddresses {
  /** Null where each person has a link of their own. */
  readonly annotators: string | null;
  readonly leads: string;
  readonly people: readonly { readonly annotator: string; readonly link: string }[];
}

/**
 * The links to the page. The token comes after `#`: browsers never send that part.
 * @param options.machineAddresses the first one is used if the server listens on all of them
 * @param options.people their personal tokens
 */
export function pageAddresses(options: {
  readonly host: string;
  readonly port: number;
  readonly tokens: AccessTokens | null;
  readonly machineAddresses: readonly string[];
  readonly people?: readonly { readonly annotator: string; readonly token: string }[];
}): PageAddresses {
  const { host, port, tokens, machineAddresses, people = [] } = options;
  const name = listensEverywhere(host) ? (machineAddresses[0] ?? LOOPBACK) : host;
  const page = `http://${canonicalName(name)}:${port}/`;
  const withToken = (address: string, token: string) => `${address}#token=${encodeURIComponent(token)}`;
  if (tokens === null) return { annotators: page, leads: `${page}lead`, people: [] };
  return {
    annotators: tokens.annotator === null ? null : withToken(page, tokens.annotator),
    leads: withToken(`${page}lead`, tokens.lead),
    people: people.map(({ annotator, token }) => ({ annotator, link: withToken(page, token) })),
  };
}
