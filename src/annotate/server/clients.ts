import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import type { AnnotationDesk } from '../desk/annotation-desk.ts';
import type { Newcomers } from '../desk/newcomer-holds.ts';
import type { WebEnvironment } from './guard.ts';

/** Items that names without a label may have reserved at once. A browser is shared by few people, an address by a team. */
export const NEWCOMER_CAPS = { browser: 10, address: 50 };

/** Names that are remembered without looking whether they still hold something. */
const MANY_NAMES = 1_000;
const COOKIE_SECONDS = 400 * 24 * 3600;
const BROWSER = /^[\w-]{22}$/;

interface Client {
  /** Null where it is not known and people have links. */
  readonly browser: string | null;
  readonly address: string;
}

/**
 * Which names come from the same browser and the same address. A name costs nothing, so people who have not submitted a label
 * are also counted by where they come from.
 */
export class Clients {
  readonly #desk: AnnotationDesk;
  readonly #randomBytes: (count: number) => Buffer;
  readonly #clientOf = new Map<string, Client>();

  /** @param randomBytes from a cryptographically secure source */
  constructor(desk: AnnotationDesk, randomBytes: (count: number) => Buffer) {
    this.#desk = desk;
    this.#randomBytes = randomBytes;
  }

  /** Gives a browser a cookie that tells it from others. It proves nothing. */
  readonly mark: MiddlewareHandler = async (context, next) => {
    await next();
    const { method } = context.req;
    if (method !== 'GET' || !context.res.ok || this.#browserOf(context) !== undefined) return;
    const value = this.#randomBytes(16).toString('base64url');
    const about = `Max-Age=${COOKIE_SECONDS}; Path=/; HttpOnly; SameSite=Strict`;
    context.header('set-cookie', `${this.#cookieName}=${value}; ${about}`, { append: true });
  };

  /** The names that are counted together with the one of a request. */
  newcomers(context: Context<WebEnvironment>): Newcomers[] {
    const address = addressOf(context);
    // Without links, requests without a cookie come from programs of this machine.
    const client = { browser: this.#browserOf(context) ?? (context.get('session') === null ? '' : null), address };
    this.#forgetIdle();
    this.#clientOf.set(context.get('annotator'), client);
    const browser = { from: 'This browser', names: this.#names('browser', client), most: NEWCOMER_CAPS.browser };
    return [
      ...(client.browser === null ? [] : [browser]),
      { from: 'Your network address', names: this.#names('address', client), most: NEWCOMER_CAPS.address },
    ];
  }

  #names(by: keyof Client, client: Client): ReadonlySet<string> {
    return new Set([...this.#clientOf].flatMap(([name, one]) => (one[by] === client[by] ? [name] : [])));
  }

  #forgetIdle(): void {
    if (this.#clientOf.size < MANY_NAMES) return;
    const holders = new Set(this.#desk.atWork());
    for (const name of this.#clientOf.keys()) if (!holders.has(name)) this.#clientOf.delete(name);
  }

  #browserOf({ req }: Context): string | undefined {
    const start = `${this.#cookieName}=`;
    const cookie = (req.header('cookie') ?? '').split(/; */).find((one) => one.startsWith(start));
    const value = cookie?.slice(start.length) ?? '';
    return BROWSER.test(value) ? value : undefined;
  }

  get #cookieName(): string {
    return `winnow-browser-${this.#desk.key}`;
  }
}

/** One machine can have all addresses of an IPv6 network of 64 bits. */
function addressOf(context: Context): string {
  const address = getConnInfo(context).remote.address ?? '';
  if (!address.includes(':') || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  return [...groups, ...(tail === undefined ? [] : ['0', '0', '0', '0'])].slice(0, 4).join(':');
}
