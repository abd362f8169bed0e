import { configReference } from '../test/support/config-reference.ts';

// For the README: npx tsx scripts/print-config-reference.ts
process.stdout.write(configReference());
