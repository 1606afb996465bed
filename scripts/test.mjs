/** `npm test`: everything that must hold before a change is good, in order of what fails fastest. */

import { spawnSync } from 'node:child_process';
import { binary } from './binary.mjs';

const steps = [
  ['format and lint', [binary('@biomejs/biome', 'biome'), 'ci', '.']],
  ['types', [binary('typescript', 'tsc')]],
  ['types of the page', [binary('typescript', 'tsc'), '-p', 'src/page/browser']],
  ['dead code', [binary('knip', 'knip')]],
  ['build', ['scripts/build.mjs']],
  ['generated files', ['scripts/generate.mjs', '--check']],
  ['tests', [binary('vitest', 'vitest'), 'run', ...process.argv.slice(2)]],
];

for (const [name, args] of steps) {
  const startedAt = performance.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`── ${name} failed after ${seconds} s`);
    process.exit(1);
  }
  console.log(`── ${name}: good, ${seconds} s`);
}
