/** Begins with the files that take longest: one that begins last would run alone at the end. Without a cache of durations vitest goes by size. */

import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Half a minute or more each, on two cores, the slowest first. */
const slow = [
  ...['docs/pages', 'cli/verify', 'reliability/lost-servers', 'docs/demo', 'connections/pglite/owners'],
  ...['reliability/lost-answers', 'cli/drift', 'reliability/pooler', 'package/executable', 'docs/install'],
].map((name) => join('test', ...name.split('/')));

export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const gone = slow.filter((name) => !existsSync(join(root, `${name}.test.ts`)));
    if (gone.length > 0) throw new Error(`slow-first.ts names files that are not there: ${gone.join(', ')}`);
    const places = new Map(slow.map((name, index) => [`${root}${sep}${name}.test.ts`, index]));
    const placeOf = ({ moduleId }: TestSpecification) =>
      places.get(moduleId.split('/').join(sep)) ?? slow.length;
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
