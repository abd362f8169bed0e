import { PoolError, UsageError } from '../../domain/errors.ts';
import { chooseHubFiles } from './choose-hub-files.ts';
import { remoteFailure } from './remote-failure.ts';
import type { RemoteAccess, RemoteFile, RemoteStore } from './remote-store.ts';

const HUB_URL = 'https://huggingface.co';
const ADVICE = 'Set HF_TOKEN to a token with read access; for a gated data set, accept its terms on its page first.';

/** Data sets of the Hugging Face Hub. */
export const hubStore: RemoteStore = {
  name: 'hub',
  summary: 'hf://datasets/owner/name[@revision][/config][/split], or a path in it',
  holds: (address, access) => /^hf:\/\//i.test(address) || pageOf(address, access) !== undefined,
  async list(address, { access, signal, isReadable }) {
    const { owner, rest, ...named } = parseHubAddress(address, access);
    const revision = access.revisions?.get(address) ?? named.revision;
    const name = `hf://datasets/${owner}`;
    const { datasetInfo, downloadFile, listFiles } = await import('@huggingface/hub');
    const request = {
      hubUrl: (access.hubUrl ?? HUB_URL).replace(/\/$/, ''),
      ...(access.hubToken ? { accessToken: access.hubToken } : {}),
      fetch: abortable(access.fetch ?? fetch, signal),
    };
    const repo = { type: 'dataset' as const, name: owner };
    try {
      const of = revision === undefined ? {} : { revision };
      const info = await datasetInfo({ ...request, ...of, name: owner, additionalFields: ['sha', 'cardData'] });
      access.onRevision?.(address, info.sha);
      const files = new Map<string, RemoteFile>();
      for await (const entry of listFiles({ ...request, repo, revision: info.sha, recursive: true })) {
        const { path, size, lfs, oid } = entry;
        if (entry.type !== 'file' || !isReadable(path) || path.split('/').some((part) => part.startsWith('.')))
          continue;
        const place = `${name}@${info.sha}/${path}`;
        files.set(path, {
          ...{ name: place, address: place, revision: info.sha, version: lfs?.oid ?? oid, bytes: size },
          ...(lfs ? { digest: { kind: 'sha256', hex: lfs.oid } } : oid ? { digest: { kind: 'git', hex: oid } } : {}),
          async open(start) {
            const content = await downloadFile({ ...request, repo, path, revision: info.sha });
            if (content === null)
              throw new PoolError(`There is no "${place}" on the server.`, { hint: 'Check the address.' });
            return { start, bytes: content.slice(start).stream() };
          },
        });
      }
      return chooseHubFiles(name, rest, [...files.keys()].sort(), info.cardData).map((path) => files.get(path)!);
    } catch (error) {
      signal?.throwIfAborted();
      throw remoteFailure(revision === undefined ? name : `${name}@${revision}`, error, ADVICE, access);
    }
  },
};

/** @throws UsageError for an address without owner and name */
function parseHubAddress(address: string, access: RemoteAccess) {
  const page = pageOf(address, access);
  if (page !== undefined) return page;
  const [, owner, revision, rest = ''] =
    /^hf:\/\/datasets\/([\w.-]+\/[\w.-]+)(?:@([^/]+))?(?:\/(.*))?$/i.exec(address) ?? [];
  if (owner === undefined) {
    throw new UsageError(
      `"${address}" is not the address of a data set on the Hugging Face Hub.`,
      'Write hf://datasets/owner/name, then where needed @revision, /config, /split or the path of a file in it.',
    );
  }
  return {
    owner,
    revision: revision === '~parquet' ? 'refs/convert/parquet' : revision && decodeURIComponent(revision),
    rest,
  };
}

/** An address of the Hub's website: `…/datasets/owner/name/resolve/main/train.jsonl`, also with `blob`, or the page itself. */
function pageOf(address: string, { hubUrl = HUB_URL }: RemoteAccess) {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  if (origin !== new URL(hubUrl).origin) return undefined;
  const [, owner, revision, rest = ''] =
    /^\/datasets\/([\w.-]+\/[\w.-]+)(?:\/(?:resolve|blob|tree)\/([^/]+)(?:\/(.*))?)?\/?$/.exec(pathname) ?? [];
  if (owner === undefined) return undefined;
  return { owner, revision: revision && decodeURIComponent(revision), rest: decodeURIComponent(rest) };
}

function abortable(request: typeof fetch, signal: AbortSignal | undefined): typeof fetch {
  return signal === undefined ? request : (url, init) => request(url, { ...init, signal });
}
