import type { Socket } from 'node:net';

/** How many connections may be open at once. */
export interface ConnectionCaps {
  /** Of all kinds. */
  readonly inAll: number;
  /** That have not carried an allowed API request yet. */
  readonly waiting: number;
  /** The same, from one address. A proxy is one address. */
  readonly waitingPerAddress: number;
}

export const CONNECTION_CAPS: ConnectionCaps = { inAll: 500, waiting: 200, waitingPerAddress: 50 };

/**
 * Keeps room for the people who work: connections that have carried an allowed API request stay, and of the others the
 * oldest are closed where there are too many, first those of the address that has the most. O(connections) each.
 */
export class ConnectionGate {
  readonly #caps: ConnectionCaps;
  /** By address, oldest first. */
  readonly #waiting = new Map<string, Set<Socket>>();
  #waitingCount = 0;
  #sessionCount = 0;

  constructor(caps: ConnectionCaps = CONNECTION_CAPS) {
    this.#caps = caps;
  }

  /** Lets a new connection in, and closes another one or this one where there are too many. */
  admit(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (this.#sessionCount >= this.#caps.inAll) {
      socket.destroy();
      return;
    }
    const ofAddress = this.#waiting.get(address) ?? new Set();
    this.#waiting.set(address, ofAddress.add(socket));
    this.#waitingCount += 1;
    socket.once('close', () => this.#forget(socket, address));
    const { inAll, waiting, waitingPerAddress } = this.#caps;
    if (ofAddress.size > waitingPerAddress) this.#closeOldest(ofAddress, address);
    else if (this.#waitingCount > Math.min(waiting, inAll - this.#sessionCount)) this.#closeOldest(...this.#largest());
  }

  /** The connection has carried an allowed request: it is a person's session. */
  trust(socket: Socket): void {
    if (!this.#forget(socket, socket.remoteAddress ?? '')) return;
    this.#sessionCount += 1;
    socket.once('close', () => {
      this.#sessionCount -= 1;
    });
  }

  #largest(): [Set<Socket>, string] {
    const [address, sockets] = [...this.#waiting].reduce((most, one) => (one[1].size > most[1].size ? one : most));
    return [sockets, address];
  }

  #closeOldest(sockets: Set<Socket>, address: string): void {
    const [oldest] = sockets;
    if (oldest === undefined) return;
    this.#forget(oldest, address);
    oldest.destroy();
  }

  /** @returns whether it was waiting */
  #forget(socket: Socket, address: string): boolean {
    const sockets = this.#waiting.get(address);
    if (sockets?.delete(socket) !== true) return false;
    if (sockets.size === 0) this.#waiting.delete(address);
    this.#waitingCount -= 1;
    return true;
  }
}
