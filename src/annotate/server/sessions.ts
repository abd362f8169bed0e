import type { PersonalLink } from '../../store/people-store.ts';
import { type AccessTokens, isSameSecret } from './access-tokens.ts';
import { signature } from './signing-key.ts';
import type { SessionAnswer } from './web-api.ts';

/** Who may use the page, and how they prove it. */
export interface Access {
  readonly tokens: AccessTokens;
  /** The campaign's signing key. */
  readonly key: string;
}

/** What a request has proved. */
export interface Session {
  readonly role: SessionAnswer['role'];
  /** Whose work the request may see and change; null for a person who has not entered a name yet. */
  readonly link: PersonalLink | null;
}

/** The longest that browsers keep a cookie: 400 days. */
const COOKIE_SECONDS = 400 * 24 * 3600;
const PERSONAL_TOKEN = /^(\d{1,9})\.([\w-]{43})$/;
const COOKIE = /^(annotator|lead)\.(\d{1,9})\.([\w-]{43})$/;

/**
 * Tokens and cookies of one campaign. Neither is stored: both are signed with the campaign's key, and stay valid until
 * their link is revoked or the token they came from changes.
 */
export class Sessions {
  readonly #access: Access;
  readonly #campaignKey: string;
  readonly #linkOf: (id: number) => PersonalLink | undefined;

  constructor(access: Access, campaignKey: string, linkOf: (id: number) => PersonalLink | undefined) {
    this.#access = access;
    this.#campaignKey = campaignKey;
    this.#linkOf = linkOf;
  }

  /** The token of a person's link. */
  tokenOf(link: PersonalLink): string {
    return `${link.id}.${this.#sign('personal link', link)}`;
  }

  /** Null for a wrong or revoked token. */
  ofToken(token: string): Session | null {
    const { tokens } = this.#access;
    const [isLead, isShared] = [isSameSecret(token, tokens.lead), isSameSecret(token, tokens.annotator ?? '')];
    if (isLead) return { role: 'lead', link: null };
    if (isShared && tokens.annotator !== null) return { role: 'annotator', link: null };
    const id = PERSONAL_TOKEN.exec(token)?.[1];
    const link = id === undefined ? undefined : this.#activeLink(Number(id));
    return link !== undefined && isSameSecret(token, this.tokenOf(link)) ? { role: 'annotator', link } : null;
  }

  /**
   * The session of a request: by its token, or else by its cookie. Null where neither is valid.
   * @param headers.authorization `Bearer <token>`
   */
  ofRequest(headers: { authorization: string | undefined; cookie: string | undefined }): Session | null {
    if (headers.authorization === undefined) return this.ofCookie(headers.cookie);
    return this.ofToken(/^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? '');
  }

  /** @param header of all cookies */
  ofCookie(header: string | undefined): Session | null {
    const values = (header ?? '').split(/; */).filter((one) => one.startsWith(`${this.#cookieName}=`));
    const [, role, id, given] = COOKIE.exec(values[0]?.slice(this.#cookieName.length + 1) ?? '') ?? [];
    if (given === undefined) return null;
    const link = id === '0' ? null : this.#activeLink(Number(id));
    if (link === undefined) return null;
    const session: Session = { role: role === 'lead' ? 'lead' : 'annotator', link };
    return isSameSecret(given, this.#signatureOf(session)) ? session : null;
  }

  /** A `set-cookie` header: for all tabs of the browser, not for scripts, and not sent from other sites. */
  cookieOf(session: Session, isSecure: boolean): string {
    const value = `${session.role}.${session.link?.id ?? 0}.${this.#signatureOf(session)}`;
    return this.#cookie(value, COOKIE_SECONDS, isSecure);
  }

  /** A `set-cookie` header that removes the cookie. */
  noCookie(isSecure: boolean): string {
    return this.#cookie('', 0, isSecure);
  }

  #cookie(value: string, seconds: number, isSecure: boolean): string {
    const secure = isSecure ? '; Secure' : '';
    return `${this.#cookieName}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }

  /** Cookies do not tell ports apart, so another campaign on this machine needs another name. */
  get #cookieName(): string {
    return `winnow-${this.#campaignKey}`;
  }

  #activeLink(id: number): PersonalLink | undefined {
    const link = this.#linkOf(id);
    return link?.revokedAtMs === null ? link : undefined;
  }

  /** A new token for leads, or for joining, ends the sessions that came from the old one. */
  #signatureOf({ role, link }: Session): string {
    const { tokens } = this.#access;
    const source = role === 'lead' ? tokens.lead : link === null ? (tokens.annotator ?? '') : '';
    return this.#sign('cookie', link, role, source);
  }

  /** With all of a link: in a restored backup, its number may come to mean another person. */
  #sign(purpose: string, link: PersonalLink | null, ...more: readonly string[]): string {
    const whose = link === null ? [] : [link.id, link.annotator, link.createdAtMs];
    return signature(this.#access.key, [purpose, this.#campaignKey, ...more, ...whose]);
  }
}
