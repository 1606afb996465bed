import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkImport, findImports } from './arrows.js';

const src = resolve(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

describe('the house', () => {
  test('every import points downwards', () => {
    const imports = files.flatMap((file) => findImports(file, readFileSync(join(src, file), 'utf8')));
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.flatMap((found) => checkImport(found) ?? [])).toEqual([]);
  });

  test('the only index file is the public face', () => {
    expect(files.filter((file) => basename(file) === 'index.ts')).toEqual(['index.ts']);
  });

  test('there are no rooms for leftovers', () => {
    expect(files.filter((file) => /\b(utils?|helpers?|common|misc)\b/.test(file))).toEqual([]);
  });
});

describe('the check of imports', () => {
  test.each([
    ['cli/main.ts', '../index.js'],
    ['cli/output/run-text.ts', '../../engine/events.js'],
    ['cli/output/run-text.ts', './style.js'],
    ['engine/run/run.ts', '../../connections/driver.js'],
    ['project/folder/load.ts', '../../graph/migration.js'],
    ['connections/postgres/url.ts', '../../errors.js'],
    ['engine/ledger/log.ts', '../../version.js'],
    ['sql/syntax/parse.ts', 'libpg-query'],
    ['project/load.ts', 'node:fs'],
    ['index.ts', './engine/kat.js'],
  ])('%s may import %s', (file, source) => {
    expect(checkImport({ file, source })).toBeUndefined();
  });

  test.each([
    ['cli/main.ts', '../connections/driver.js', 'cli may not use connections'],
    ['engine/run/run.ts', '../../cli/context.js', 'engine may not use cli'],
    ['engine/run/run.ts', '../../index.js', 'engine may not use index'],
    ['project/load.ts', '../connections/driver.js', 'project may not use connections'],
    ['connections/postgres/url.ts', '../../project/config.js', 'connections may not use project'],
    ['sql/parse.ts', '../project/load.js', 'sql may not use project'],
    ['graph/plan.ts', '../sql/parse.js', 'graph may not use sql'],
    ['errors.ts', './graph/migration.js', 'errors may not use graph'],
    ['graph/plan.ts', 'node:fs', 'graph is pure'],
    ['sql/parse.ts', 'node:process', 'sql is pure'],
    ['attic/box.ts', './lid.js', 'attic/box.ts is in no room'],
  ])('%s may not import %s', (file, source, reason) => {
    expect(checkImport({ file, source })).toContain(reason);
  });

  test('every way to import is seen', () => {
    const text = `
import { a } from './a.js';
import type { B } from "./b.js";
import {
  c,
} from './c.js';
import './d.js';
export { e } from './e.js';
const f = await import('./f.js');
type G = typeof import('./g.js');
`;
    const sources = findImports('x.ts', text).map(({ source }) => source);
    expect(sources).toEqual(['./a.js', './b.js', './c.js', './d.js', './e.js', './f.js', './g.js']);
  });
});
