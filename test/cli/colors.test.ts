import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { HAS_TERMINAL, onTerminal } from './on-terminal.ts';

const folder = temporaryFolder();
const ESCAPE = '\u001b[';
const UNKNOWN_FILE = ['score', 'nowhere.jsonl', '--dimension', 'quality'];

/** Colors of an error, which every command can print. */
const stderrWith = async (environment: NodeJS.ProcessEnv) =>
  (await runCli(UNKNOWN_FILE, { cwd: folder.path, environment: { NO_COLOR: '', ...environment } })).stderr;

describe('colors', () => {
  it('are left out of what is piped, also where CI is set', async () => {
    expect(await stderrWith({ CI: 'true' })).toContain('nowhere.jsonl');
    expect(await stderrWith({ CI: 'true' })).not.toContain(ESCAPE);
  });

  it('are in what is piped where FORCE_COLOR asks for them, unless NO_COLOR forbids', async () => {
    expect(await stderrWith({ FORCE_COLOR: '1' })).toContain(ESCAPE);
    expect(await stderrWith({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(ESCAPE);
  });

  it.skipIf(!HAS_TERMINAL)('are shown on a terminal, unless it is dumb or NO_COLOR forbids', async () => {
    const escapes = async (environment: NodeJS.ProcessEnv) =>
      (await onTerminal(UNKNOWN_FILE, [], { cwd: folder.path, environment })).raw.includes(ESCAPE);
    expect(await escapes({})).toBe(true);
    expect(await escapes({ TERM: 'dumb' })).toBe(false);
    expect(await escapes({ NO_COLOR: '1' })).toBe(false);
  });
});
