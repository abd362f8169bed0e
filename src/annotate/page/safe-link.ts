const HARMLESS = ['http:', 'https:', 'mailto:'];

/** @returns the address where following it can do nothing but open it; undefined for scripts, data, files and parts of this page */
export function safeLink(address: string): string | undefined {
  try {
    const { protocol, href } = new URL(address);
    return HARMLESS.includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
