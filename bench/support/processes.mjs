// Runs a program to its end and tells how long it took and how much memory it had at its peak.

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/import-sources.mjs';

const peakReporter = join(root, 'bench/support/report-peak.cjs');

/** The command that is measured: the built one, or the one that KAT_BENCH_COMMAND names. */
export const katCommand = process.env.KAT_BENCH_COMMAND ?? join(root, 'dist/kat.cjs');

/**
 * Nothing of our own environment but the search path: NODE_EXTRA_CA_CERTS alone makes Node.js start half as fast again.
 */
function cleanEnvironment(home, extra) {
  return { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', ...extra };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, codes?: readonly number[]}} options `codes`: what it may end with
 * @returns {Promise<{seconds: number}>} from before the start until the process is gone
 * @throws Error with the program's stderr when it fails
 */
export async function runProgram(program, args, { cwd = tmpdir(), env = {}, codes = [0] } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'kat-bench-run-'));
  const errors = join(home, 'stderr.txt');
  const stderr = openSync(errors, 'w');
  try {
    const startedAt = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: cleanEnvironment(home, env),
      stdio: ['ignore', 'ignore', stderr],
    });
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (!codes.includes(code)) {
      throw new Error(
        `${program} ${args.join(' ')} ended with ${code}:\n${readFileSync(errors, 'utf8').slice(0, 4000)}`,
      );
    }
    return { seconds };
  } finally {
    closeSync(stderr);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Runs the command. */
export function runKat(args, options) {
  return runProgram(process.execPath, [katCommand, ...args], options);
}

/**
 * Runs the command once more, only for its memory, so that the looking costs the measured runs nothing.
 * @returns {Promise<number>} the peak of its resident memory, in bytes
 */
export async function peakMemoryOfKat(args, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kat-bench-peak-'));
  const file = join(folder, 'peak.txt');
  try {
    await runProgram(process.execPath, ['--require', peakReporter, katCommand, ...args], {
      ...options,
      env: { ...options.env, KAT_BENCH_PEAK_FILE: file },
    });
    return Number(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
