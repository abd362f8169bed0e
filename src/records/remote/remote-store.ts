/** Access to files on servers. Public ones need nothing. */
export interface RemoteAccess {
  /** Where downloaded files are kept. Default: `winnow` in the user's cache folder. */
  readonly cacheFolder?: string | undefined;
  /** A token of the Hugging Face Hub, for private and gated data sets. */
  readonly hubToken?: string | undefined;
  /** Default `https://huggingface.co`. */
  readonly hubUrl?: string | undefined;
  /** A server other than Amazon's that speaks S3. */
  readonly s3Endpoint?: string | undefined;
  readonly s3Region?: string | undefined;
  /** Default: found as by the AWS CLI, in its files or on the machine. */
  readonly s3Credentials?: S3Credentials | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** By address: the revision that it is read at, in place of the newest one. */
  readonly revisions?: ReadonlyMap<string, string> | undefined;
  /** Is told the revision that an address is read at. */
  readonly onRevision?: ((address: string, revision: string) => void) | undefined;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A file on a server as it is now. */
export interface RemoteFile {
  /** What is stored and shown: it names the revision, where the store has revisions, and holds no secret. */
  readonly name: string;
  /** What this file alone is read by. */
  readonly address: string;
  /** Differs where the content does: a hash, an entity tag. Undefined where the server tells neither that nor a date. */
  readonly version: string | undefined;
  /** Of the whole store, where it has revisions: what its address stands for from now on. */
  readonly revision?: string;
  /** Where its name does not say its format: the extension of that. */
  readonly extension?: string;
  /** Size, where the server tells it. */
  readonly bytes: number | undefined;
  /** A hash of the content, which a download must have: `git` is that of a Git blob. */
  readonly digest?: { readonly kind: 'sha256' | 'git'; readonly hex: string };
  /** Its bytes from `start` on, or from 0 where the server sends all of it. */
  open(start: number, signal?: AbortSignal): Promise<RemoteContent>;
}

export interface RemoteContent {
  /** Of the first byte that follows. */
  readonly start: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ListOptions {
  readonly access: RemoteAccess;
  readonly signal?: AbortSignal | undefined;
  /** Whether the name of a file is that of a known format. */
  readonly isReadable: (name: string) => boolean;
}

/** Servers that are reached in one way. A new one is one file and one line in the registry. */
export interface RemoteStore {
  readonly name: string;
  /** One line, for people. */
  readonly summary: string;
  /** Whether it is reached by this address. */
  holds(address: string, access: RemoteAccess): boolean;
  /**
   * The files that an address stands for, sorted by name.
   * @throws PoolError when there are none, or they may not be read
   */
  list(address: string, options: ListOptions): Promise<readonly RemoteFile[]>;
}
