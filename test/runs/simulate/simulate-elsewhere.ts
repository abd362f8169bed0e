import { simulate } from '../../../src/index.ts';

/** Simulates with the options on the command line; made to be killed. */
await simulate(JSON.parse(process.argv[2]!));
