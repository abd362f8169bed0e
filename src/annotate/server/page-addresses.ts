import type { AccessTokens } from './access-tokens.ts';
import { canonicalName, LOOPBACK, listensEverywhere } from './own-hosts.ts';

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
