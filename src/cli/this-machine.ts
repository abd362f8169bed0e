import { hostname, networkInterfaces } from 'node:os';

/** Names and addresses of this machine on the network. */
export interface Machine {
  readonly names: readonly string[];
  /** Addresses that other machines can reach, IPv4 first. */
  readonly addresses: readonly string[];
}

export function thisMachine(): Machine {
  const name = hostname();
  const short = name.split('.')[0]!;
  const addresses = Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    // Link-local addresses need the name of a network interface, which URLs cannot contain.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const ofFamily = (wanted: string) => addresses.filter(({ family }) => family === wanted);
  return {
    names: [...new Set([name, short, `${short}.local`])],
    addresses: [...ofFamily('IPv4'), ...ofFamily('IPv6')].map(({ address }) => address),
  };
}
