import type { Context, MiddlewareHandler } from 'hono';
import { type AllowedHosts, isAllowedHost, isAllowedOrigin } from './allowed-hosts.ts';
import { HttpError } from './http-error.ts';
import type { Session, Sessions } from './sessions.ts';
import { ANNOTATOR_HEADER, CAMPAIGN_HEADER, type SessionAnswer } from './web-api.ts';

/** What is known about a request after the checks. */
export interface WebEnvironment {
  Variables: {
    role: SessionAnswer['role'];
    annotator: string;
    /** Null where only this machine can reach the server: people enter their name, and no one proves it. */
    session: Session | null;
  };
}

/** Allows only requests that were meant for this server. @throws HttpError HOST_REFUSED */
export function guardHost(hosts: AllowedHosts): MiddlewareHandler {
  return async ({ req }, next) => {
    // A request can name its server twice: both names must be allowed.
    if (!isAllowedHost(req.header('host'), hosts) || !isAllowedHost(new URL(req.url).host, hosts)) {
      throw new HttpError(
        'HOST_REFUSED',
        'Unknown Host header.',
        'Open the link that winnow annotate printed, or allow this name when you start it.',
      );
    }
    await next();
  };
}

/** Allows only requests from this server's page or from programs that are not browsers. @throws HttpError ORIGIN_REFUSED */
export function guardOrigin(hosts: AllowedHosts): MiddlewareHandler {
  return async ({ req }, next) => {
    const [origin, site] = [req.header('origin'), req.header('sec-fetch-site')];
    const isForeign =
      (origin !== undefined && !isAllowedOrigin(origin, req.header('host')!, hosts)) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (isForeign) throw new HttpError('ORIGIN_REFUSED', 'Requests from other sites are not allowed.');
    await next();
  };
}

/**
 * Sets who sends the request.
 * @param sessions null: only this machine can reach the server, and every request has the role of a lead
 * @throws HttpError TOKEN_WRONG
 */
export function guardSession(sessions: Sessions | null): MiddlewareHandler<WebEnvironment> {
  return async (context, next) => {
    const { req } = context;
    const session =
      sessions?.ofRequest({ authorization: req.header('authorization'), cookie: req.header('cookie') }) ?? null;
    if (sessions !== null && session === null) throw tokenWrong();
    context.set('session', session);
    context.set('role', session?.role ?? 'lead');
    await next();
  };
}

export function tokenWrong(): HttpError {
  return new HttpError('TOKEN_WRONG', 'Your link is missing or not valid.', 'Open your full link again.');
}

/** Allows requests for this campaign and requests that name no campaign. @throws HttpError OTHER_CAMPAIGN */
export function guardCampaign(key: string): MiddlewareHandler {
  return async ({ req }, next) => {
    if ((req.header(CAMPAIGN_HEADER) ?? key) !== key) {
      throw new HttpError(
        'OTHER_CAMPAIGN',
        'This server now runs another campaign.',
        'Nothing was changed. Start the server for your campaign again, or reload the page to work on the other one.',
      );
    }
    await next();
  };
}

/** @throws HttpError LEADS_ONLY */
export const leadsOnly: MiddlewareHandler<WebEnvironment> = async ({ get }, next) => {
  if (get('role') !== 'lead') {
    throw new HttpError('LEADS_ONLY', 'Only leads can see this page.', "Open the lead's link.");
  }
  await next();
};

/**
 * Sets whose work the request is about. Where people have links, that is the person of the link.
 * @throws HttpError NAME_MISSING, BAD_REQUEST; OTHER_PERSON for a page that was opened as someone else
 */
export const readAnnotator: MiddlewareHandler<WebEnvironment> = async (context, next) => {
  const annotator = nameOfSender(context);
  if (annotator === undefined) throw new HttpError('NAME_MISSING', 'You have not entered a name.', 'Enter your name.');
  context.set('annotator', annotator);
  await next();
};

/**
 * The name of the person who sends a request; undefined where they have not entered one. Where people have links, it is
 * the one of the link.
 * @throws HttpError BAD_REQUEST; OTHER_PERSON for a page that was opened as someone else
 */
export function nameOfSender(context: Context<WebEnvironment>): string | undefined {
  const header = context.req.header(ANNOTATOR_HEADER) ?? '';
  const session = context.get('session');
  const given = header === '' ? undefined : decodeName(header);
  const annotator = session === null ? given : session.link?.annotator;
  if (annotator !== undefined && given !== undefined && given !== annotator && session !== null) {
    throw new HttpError('OTHER_PERSON', 'Someone else has signed in with this browser.', 'Open your own link again.');
  }
  return annotator;
}

function decodeName(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new HttpError('BAD_REQUEST', `The header ${ANNOTATOR_HEADER} is not percent-encoded UTF-8.`);
  }
}
