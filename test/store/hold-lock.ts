import { lockState } from '../../src/store/file-lock.ts';

/** Takes the lock on the file named on the command line, says so, and keeps it until it is killed. */
const lock = lockState(process.argv[2]!, 0);
process.stdout.write('held\n');
// The timer also keeps the lock from being garbage-collected, which would release it.
setInterval(() => lock, 60_000);
