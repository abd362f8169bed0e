import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { PoolError, UsageError } from '../../domain/errors.ts';
import { isPattern, literalStart, patternExpression } from '../path-pattern.ts';
import { remoteFailure } from './remote-failure.ts';
import type { RemoteAccess, RemoteFile, RemoteStore, S3Credentials } from './remote-store.ts';

const ADVICE =
  'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and check that they may read the bucket.';

/** Amazon S3, and servers that speak its protocol. */
export const s3Store: RemoteStore = {
  name: 's3',
  summary: 's3://bucket/key, or a folder or pattern of keys',
  holds: (address) => /^s3:\/\//i.test(address),
  async list(address, { access, signal, isReadable }) {
    const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/i.exec(address) ?? [];
    if (bucket === undefined) throw new UsageError(`"${address}" names no bucket.`, 'Write s3://bucket/key.');
    try {
      const { client, objects } = await listed(access, bucket, isPattern(key) ? literalStart(key) : key, signal);
      const chosen = chooseKeys(key, [...objects.keys()], isReadable);
      if (chosen.length === 0) {
        throw new PoolError(`There is no file of a known format at "${address}".`, {
          hint: 'Check the bucket and the key. A folder stands for all files below it.',
          data: { file: address },
        });
      }
      return chosen.sort().map((one) => remoteFile(client, bucket, one, objects.get(one)!));
    } catch (error) {
      signal?.throwIfAborted();
      throw remoteFailure(address, error, ADVICE, access);
    }
  },
};

interface FoundObject {
  readonly tag: string | undefined;
  readonly bytes: number | undefined;
}

/**
 * Lists objects with the keys there are. Without any, requests are not signed, as public buckets allow; without a region,
 * the server tells it.
 */
async function listed(access: RemoteAccess, bucket: string, prefix: string, signal?: AbortSignal) {
  let [region, isUnsigned] = [access.s3Region, false];
  for (;;) {
    const client = await openClient({ ...access, s3Region: region }, isUnsigned);
    try {
      return { client, objects: await objectsUnder(client, bucket, prefix, signal) };
    } catch (error) {
      const { message = '' } = error as Partial<Error>;
      if (region === undefined && /region is missing/i.test(message)) region = 'us-east-1';
      else if (!isUnsigned && /could not load credentials/i.test(message)) isUnsigned = true;
      else throw error;
    }
  }
}

/** The client looks for keys also where it does not use them. */
const UNSIGNED: Pick<S3ClientConfig, 'credentials' | 'signer'> = {
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  signer: { sign: async (request) => request },
};

async function openClient(
  { s3Endpoint, s3Region: region, s3Credentials }: RemoteAccess,
  isUnsigned: boolean,
): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  // Servers of one's own have their buckets in the path, and no regions.
  const own = s3Endpoint ? { endpoint: s3Endpoint, forcePathStyle: true, region: region ?? 'us-east-1' } : {};
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    ...own,
    ...(s3Credentials === undefined ? {} : { credentials: withoutBlanks(s3Credentials) }),
    followRegionRedirects: true,
    ...(isUnsigned ? UNSIGNED : {}),
  });
}

function withoutBlanks({ sessionToken, ...keys }: S3Credentials) {
  return sessionToken === undefined ? keys : { ...keys, sessionToken };
}

async function objectsUnder(client: S3Client, bucket: string, prefix: string, signal?: AbortSignal) {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const found = new Map<string, FoundObject>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    signal?.throwIfAborted();
    for (const { Key, ETag, Size } of Contents) if (Key) found.set(Key, { tag: ETag, bytes: Size });
  }
  return found;
}

/** A key of its own name comes before a folder of that name. */
function chooseKeys(key: string, keys: readonly string[], isReadable: (name: string) => boolean): string[] {
  if (keys.includes(key) && !key.endsWith('/')) return [key];
  if (isPattern(key)) return keys.filter((one) => patternExpression(key).test(one));
  const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
  return keys.filter((one) => one.startsWith(folder) && isReadable(one));
}

function remoteFile(client: S3Client, bucket: string, key: string, { tag, bytes }: FoundObject): RemoteFile {
  const name = `s3://${bucket}/${key}`;
  return {
    ...{ name, address: name, version: tag, bytes },
    async open(start, signal) {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const command = new GetObjectCommand({
        ...{ Bucket: bucket, Key: key, ...(start > 0 && { Range: `bytes=${start}-` }), ...(tag && { IfMatch: tag }) },
      });
      const { Body } = await client.send(command, signal ? { abortSignal: signal } : {});
      if (Body === undefined) throw new Error('the server sent nothing');
      return { start, bytes: Body.transformToWebStream() };
    },
  };
}
