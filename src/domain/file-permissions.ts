/** Pools, labels and states may hold personal data: only the owner may read and write. */
export const PRIVATE_FILE = 0o600;
/** Only the owner may list and enter. */
export const PRIVATE_FOLDER = 0o700;
