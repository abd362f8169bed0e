/** Loaded into a measured process before its program: leaves its CPU time and peak memory in a file as it exits. */
import { writeFileSync } from 'node:fs';

process.on('exit', (code) => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { code, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 };
  writeFileSync(process.env.WINNOW_BENCH_USAGE, JSON.stringify(usage));
});
