import { createHash } from 'node:crypto';
import { type FileServer, sendContent, startServer } from './file-server.ts';

export interface HubRepository {
  /** Files of each revision by path, first the oldest. A revision is 40 hex digits; the last one is `main`. */
  readonly revisions: Map<string, Readonly<Record<string, string | Buffer>>>;
  readonly card?: object;
  /** Required, if there is one. */
  readonly token?: string;
  /** Paths that are kept as large files. */
  readonly large?: readonly string[];
}

/** Speaks what the library of the Hugging Face Hub asks about one data set: its state, its files and their content. */
export function startHub(name: string, repository: HubRepository): Promise<FileServer> {
  const revisionOf = (named: string) => {
    const all = [...repository.revisions.keys()];
    return named === 'main' || named === 'HEAD' ? all.at(-1) : all.find((one) => one === named);
  };
  return startServer((request, response, server) => {
    const { pathname } = new URL(request.url!, server.url);
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (repository.token !== undefined && request.headers.authorization !== `Bearer ${repository.token}`) {
      json({ error: 'Invalid username or password.' }, 401);
      return;
    }
    const api = new RegExp(`^/api/datasets/${name}(?:/(revision|tree)/([^/]+))?$`).exec(pathname);
    const file = new RegExp(`^/datasets/${name}/resolve/([^/]+)/(.+)$`).exec(pathname);
    const revision = revisionOf(decodeURIComponent(api?.[2] ?? file?.[1] ?? 'main'));
    const files = revision === undefined ? undefined : repository.revisions.get(revision);
    if (files === undefined || (api === null && file === null)) {
      json({ error: 'Repository not found' }, 404);
      return;
    }
    if (api !== null) {
      const info = { _id: '1', id: name, sha: revision, private: false, gated: false, downloads: 0, likes: 0 };
      const about = { ...info, lastModified: '2026-01-01T00:00:00.000Z', cardData: repository.card };
      json(api[1] === 'tree' ? treeOf(files, repository.large ?? []) : about);
      return;
    }
    const content = files[decodeURIComponent(file![2]!)];
    if (content === undefined) json({ error: 'Entry not found' }, 404);
    else sendContent(request, response, server, { content: Buffer.from(content) });
  });
}

function treeOf(files: Readonly<Record<string, string | Buffer>>, large: readonly string[]) {
  return Object.entries(files).map(([path, text]) => {
    const content = Buffer.from(text);
    const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const lfs = large.includes(path) ? { lfs: { oid: sha256, size: content.length, pointerSize: 130 } } : {};
    return { type: 'file', path, size: content.length, oid, ...lfs };
  });
}
