import { hostname, networkInterfaces } from 'node:os';

/** What others on the network call this machine. */
export interface Machine {
  readonly names: readonly string[];
  /** Those that can be reached from elsewhere, IPv4 first. */
  readonly addresses: readonly string[];
}

export function thisMachine(): Machine {
  const name = hostname();
  const short = name.split('.')[0]!;
  const addresses = Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    // Link-local ones mean nothing without the name of a network card, which URLs cannot bear.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const ofFamily = (wanted: string) => addresses.filter(({ family }) => family === wanted);
  return {
    names: [...new Set([name, short, `${short}.local`])],
    addresses: [...ofFamily('IPv4'), ...ofFamily('IPv6')].map(({ address }) => address),
  };
}
