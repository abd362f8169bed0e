import type { OnProgress } from '../../domain/progress.ts';
import type { Registry } from '../../domain/registry.ts';
import { formatByName, type RecordFormat } from '../record-format.ts';
import { type LocalCopy, localCopy } from './local-copy.ts';
import { storeOf } from './registry.ts';
import type { RemoteAccess, RemoteFile } from './remote-store.ts';

/** The files that an address on a server stands for. @throws PoolError when there are none, or they may not be read */
export function remoteFiles(
  address: string,
  formats: Registry<RecordFormat>,
  { access = {}, signal }: { access?: RemoteAccess | undefined; signal?: AbortSignal | undefined },
): Promise<readonly RemoteFile[]> {
  const isReadable = (name: string) => formatByName(name, formats).format !== undefined;
  return storeOf(address, access).list(address, { access, signal, isReadable });
}

/** The version of a file; it is downloaded where the server tells none. */
export async function versionOf(
  file: RemoteFile,
  options: { access?: RemoteAccess | undefined; signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<string> {
  return file.version ?? (await copyOf(file, options)).version;
}

/** The file on this machine. */
export function copyOf(
  file: RemoteFile,
  {
    access = {},
    ...options
  }: { access?: RemoteAccess | undefined; signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<LocalCopy> {
  return localCopy(file, { access, ...options });
}
