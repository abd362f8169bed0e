import type { RemoteAccess } from './remote-store.ts';

/** Access by the variables that the tools of these servers read. @param others where downloads are kept, and how to fetch */
export function remoteAccess(
  environment: Readonly<Record<string, string | undefined>>,
  others: Pick<RemoteAccess, 'cacheFolder' | 'fetch'> = {},
): RemoteAccess {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  return {
    ...others,
    hubToken: environment.HF_TOKEN || undefined,
    hubUrl: environment.HF_ENDPOINT || undefined,
    s3Endpoint: environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined,
    s3Region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined,
    s3Credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN || undefined }
        : undefined,
  };
}
