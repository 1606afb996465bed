/**
 * `npm run test:go-kat`: the tests that run Go's Kat, which this installs with Go unless KAT_GO_KAT names a program. With `--record`,
 * its work is recorded again for the tests without it.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { binary } from './binary.mjs';

const version = 'v0.2.0';
const folder = resolve('.cache/go-kat', version);

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** @returns the path of the program; undefined where Go cannot install it. */
function install() {
  const program = join(folder, process.platform === 'win32' ? 'kat.exe' : 'kat');
  if (existsSync(program)) return program;
  const isDone = run('go', ['install', `github.com/BolajiOlajide/kat/cmd/kat@${version}`], { GOBIN: folder });
  return isDone ? program : undefined;
}

const program = process.env.KAT_GO_KAT ?? install();
if (program === undefined) {
  console.error(`Go's Kat ${version} is not there, and \`go install\` failed. Install Go, or build Go's Kat from its source:
  git clone --branch ${version} https://github.com/BolajiOlajide/kat go-kat
  cd go-kat && go build -o kat ./cmd/kat
Then set KAT_GO_KAT to the path of the program, and run \`npm run test:go-kat\` again.`);
  process.exit(1);
}

const isRecording = process.argv.includes('--record');
const further = process.argv.slice(2).filter((argument) => argument !== '--record');
const isGood =
  run(process.execPath, ['scripts/build.mjs']) &&
  run(process.execPath, [binary('vitest', 'vitest'), 'run', 'test/cli/go-kat', ...further], {
    KAT_GO_KAT: resolve(program),
    ...(isRecording ? { KAT_RECORD: '1' } : {}),
  }) &&
  (!isRecording ||
    run(process.execPath, [binary('@biomejs/biome', 'biome'), 'format', '--write', 'test/support/go-kat']));
process.exit(isGood ? 0 : 1);
