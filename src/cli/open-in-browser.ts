import { safeLine } from './output/safe-text.ts';
import { print } from './print.ts';
import type { Terminal } from './terminal.ts';

const LONGEST_REASON = 160;

/**
 * Shows an address or a file in the user's browser, where there is a person at this very machine: on a terminal that is
 * not reached over SSH and has a screen. Elsewhere it does nothing. If the browser cannot be started, a line on standard
 * error says so; this is no error, because the caller has printed the address.
 */
export async function openInBrowser(
  terminal: Pick<Terminal, 'stdout' | 'stderr' | 'environment' | 'width'>,
  address: string,
): Promise<void> {
  if (!terminal.stdout.isTTY || !hasScreen(terminal.environment, process.platform)) return;
  try {
    await startBrowser(address);
  } catch (error) {
    const reason = safeLine(String((error as Error)?.message ?? error), LONGEST_REASON);
    print(terminal, terminal.stderr, `The browser could not be started (${reason}). Open ${address} yourself.\n`);
  }
}

/** Until a started program has a session of its own, Ctrl-C on the terminal ends it too: then it is started again. */
async function startBrowser(address: string): Promise<void> {
  const { default: open } = await import('open');
  const started = await open(address);
  started.once('exit', (_, signal) => {
    if (signal === 'SIGINT') startBrowser(address).catch(() => undefined);
  });
}

/** Without a screen xdg-open would start a browser of text in the terminal itself. */
export function hasScreen(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const { SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME, CI } = environment;
  if (SSH_CONNECTION || SSH_TTY || CI) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}
