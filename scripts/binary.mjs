/** Finds the commands of installed packages, so that no script needs a shell or a PATH. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the script behind a package's command, to be run with Node. */
export function binary(packageName, command) {
  const folder = join('node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}
