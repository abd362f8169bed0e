import { execFileSync } from 'node:child_process';

const BUILT = Symbol.for('winnow built for the tests');

/** The CLI tests spawn the built program, so every test run starts from a fresh build, which the projects share. */
export default function buildOnce(): void {
  const run = globalThis as { [BUILT]?: boolean };
  if (run[BUILT]) return;
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit', cwd: new URL('../..', import.meta.url) });
  run[BUILT] = true;
}
