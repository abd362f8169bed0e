import type { MiddlewareHandler } from 'hono';
import { type AccessTokens, roleOf } from './access-tokens.ts';
import { isOwnHost, isOwnOrigin, type OwnHosts } from './allowed-hosts.ts';
import { Refusal } from './http-error.ts';
import { ANNOTATOR_HEADER, CAMPAIGN_HEADER, type SessionAnswer } from './web-api.ts';

/** What is known of a request once it was let in. */
export interface WebEnvironment {
  Variables: { role: SessionAnswer['role']; annotator: string };
}

/** Lets in what was meant for this server. @throws Refusal HOST_REFUSED */
export function guardHost(hosts: OwnHosts): MiddlewareHandler {
  return async ({ req }, next) => {
    // Of a request that names its server twice, both names must be ours.
    if (!isOwnHost(req.header('host'), hosts) || !isOwnHost(new URL(req.url).host, hosts)) {
      throw new Refusal(
        'HOST_REFUSED',
        'This server does not go by the name it was called by.',
        'Open the address that winnow annotate printed, or start it with --allow-host and the name.',
      );
    }
    await next();
  };
}

/** Lets in what a page of this server sent, or a program that is no browser. @throws Refusal ORIGIN_REFUSED */
export function guardOrigin(hosts: OwnHosts): MiddlewareHandler {
  return async ({ req }, next) => {
    const [origin, site] = [req.header('origin'), req.header('sec-fetch-site')];
    const isForeign =
      (origin !== undefined && !isOwnOrigin(origin, req.header('host')!, hosts)) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (isForeign) throw new Refusal('ORIGIN_REFUSED', 'Another page may not ask this server for anything.');
    await next();
  };
}

/**
 * Tells who may do what by the token.
 * @param tokens null: everybody who reaches the server is on this machine, and may do everything
 * @throws Refusal TOKEN_WRONG
 */
export function guardToken(tokens: AccessTokens | null): MiddlewareHandler<WebEnvironment> {
  return async (context, next) => {
    const role = tokens === null ? 'lead' : roleOf(context.req.header('authorization'), tokens);
    if (role === null) {
      throw new Refusal('TOKEN_WRONG', 'The token is missing or wrong.', 'Open the whole address you were given.');
    }
    context.set('role', role);
    await next();
  };
}

/** Lets in what was meant for this campaign, or does not say for which. @throws Refusal OTHER_CAMPAIGN */
export function guardCampaign(key: string): MiddlewareHandler {
  return async ({ req }, next) => {
    if ((req.header(CAMPAIGN_HEADER) ?? key) !== key) {
      throw new Refusal(
        'OTHER_CAMPAIGN',
        'Another campaign is served here now.',
        'Nothing was changed in it. Serve this one again, or reload the page to go on with the other one.',
      );
    }
    await next();
  };
}

/** @throws Refusal LEADS_ONLY */
export const leadsOnly: MiddlewareHandler<WebEnvironment> = async ({ get }, next) => {
  if (get('role') !== 'lead') {
    throw new Refusal('LEADS_ONLY', 'Only leads see what everybody did.', "Open the lead's address.");
  }
  await next();
};

/** @throws Refusal NAME_MISSING, BAD_REQUEST */
export const readAnnotator: MiddlewareHandler<WebEnvironment> = async (context, next) => {
  const header = context.req.header(ANNOTATOR_HEADER) ?? '';
  if (header === '') throw new Refusal('NAME_MISSING', 'The request does not say who sends it.', 'Enter a name.');
  context.set('annotator', decodeName(header));
  await next();
};

function decodeName(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new Refusal('BAD_REQUEST', `The header ${ANNOTATOR_HEADER} is not percent-encoded UTF-8.`);
  }
}
