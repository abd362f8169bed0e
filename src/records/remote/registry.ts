import { resolve } from 'node:path';
import { Registry } from '../../domain/registry.ts';
import { hubStore } from './hub-store.ts';
import type { RemoteAccess, RemoteStore } from './remote-store.ts';
import { s3Store } from './s3-store.ts';
import { webStore } from './web-store.ts';

/** Where files that are not on this machine are read from. The first that holds an address reads it. */
export const REMOTE_STORES = new Registry<RemoteStore>('remote store', [hubStore, s3Store, webStore]);

/** Whether a path is the address of something on a server. */
export function isRemote(path: string): boolean {
  return /^(?:hf|s3|https?):\/\//i.test(path);
}

/** Where a path leads that is relative to a folder; an address stays as it is. */
export function inFolder(folder: string, path: string): string {
  return isRemote(path) ? path : resolve(folder, path);
}

/** @throws UsageError for an address that no store holds */
export function storeOf(address: string, access: RemoteAccess): RemoteStore {
  return [...REMOTE_STORES].find((store) => store.holds(address, access)) ?? REMOTE_STORES.find('web');
}
