// Loaded into a measured process by `node --require`, which needs no loader of modules: writes the process's peak memory into a file when it exits.

const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  writeFileSync(process.env.KAT_BENCH_PEAK_FILE, String(peakBytes()));
});

/** On Linux `getrusage` counts what the parent had at the fork, and `VmHWM` doesn't. */
function peakBytes() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
