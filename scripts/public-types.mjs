/** Keeps of the declarations that TypeScript writes those that the package's users can see. */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Removes each declaration file of `folder` that the public ones do not import, directly or through others.
 * @param sources of the public ones
 */
export function keepPublicTypes(folder, sources) {
  const kept = reachable(sources.map((path) => join(folder, path.replace(/^src\/(.*)\.ts$/, '$1.d.ts'))));
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (path.endsWith('.d.ts') && !kept.has(path)) rmSync(path);
  }
}

function reachable(first) {
  const found = new Set(first);
  for (const path of found) {
    for (const [, target] of readFileSync(path, 'utf8').matchAll(
      /(?:from |import\()['"](\.[^'"]+)\.js['"]/g,
    )) {
      const declarations = join(dirname(path), `${target}.d.ts`);
      if (existsSync(declarations)) found.add(declarations);
    }
  }
  return found;
}
