import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkImport, findImports, targetOf } from './arrows.js';
import { findCycles } from './cycles.js';
import { findPositionalBooleans } from './parameters.js';

const src = resolve(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

const importsOf = (file: string) => findImports(file, readFileSync(join(src, file), 'utf8'));

describe('the house', () => {
  test('every import points downwards', () => {
    const imports = files.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(files.length);
    expect(imports.flatMap((found) => checkImport(found) ?? [])).toEqual([]);
  });

  test('no files import each other in a circle, but for the recursion of SQL itself', () => {
    const targets = new Map(files.map((file) => [file, importsOf(file).flatMap((it) => targetOf(it) ?? [])]));
    expect(findCycles(targets)).toEqual([
      ['expressions', 'from-items', 'queries'].map((name) => `sql/effects/expressions/${name}.ts`),
    ]);
  });

  test('no folder has more than 40 files, but for lists of rules and commands', () => {
    const sizes = new Map<string, number>();
    for (const file of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
    const large = [...sizes].filter(([, size]) => size > 40).map(([folder]) => folder);
    expect(large).toEqual(['cli/commands', 'sql/lint/rules']);
  });

  test('no file has more than 300 lines, but for lists', () => {
    const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 301);
    const lists = ['contrib-extensions', 'other-extensions'].map((name) => `sql/postgres/${name}.ts`);
    expect(long.sort()).toEqual(['engine/kat-api.ts', ...lists]);
  });

  test('no two exports have one name, but for what each test runner has', () => {
    const exported = /^export (?:async )?(?:type|interface|class|function\*?|const) (\w+)/gm;
    const names = files.flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(exported)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(files.length);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual(['testWithDatabase']);
  });

  test('no exported function takes a boolean by position', () => {
    const found = files.map((file) => [
      file,
      ...findPositionalBooleans(readFileSync(join(src, file), 'utf8')),
    ]);
    expect(found.filter(([, ...names]) => names.length > 0)).toEqual([]);
  });

  test('nothing is read out of the text of a key, nor out of words for messages', () => {
    const names = 'key|change|verb|words|what|user|needed|part|owner|grant|returns';
    const methods = 'startsWith|endsWith|includes|slice|split|replace(?:All)?|indexOf|lastIndexOf|match';
    const calls = [
      `\\b(?:${names})\\??\\.(?:text\\.)?(?:${methods})\\(`,
      `\\.(?:test|exec)\\((?:${names})\\b`,
    ];
    const takesApart = new RegExp(calls.join('|'));
    expect(["key.startsWith('rel:')", '/x/.test(change)'].every((line) => takesApart.test(line))).toBe(true);
    const rooms =
      /^(sql\/(effects|dependencies|conflicts|round-trip|blame|concurrency)|engine\/(check|deps))\//;
    const texts = files
      .filter((file) => rooms.test(file))
      .map((file) => [file, readFileSync(join(src, file), 'utf8')] as const);
    expect(texts.filter(([, text]) => takesApart.test(text)).map(([file]) => file)).toEqual([]);
  });

  test('the only index file is the public face', () => {
    expect(files.filter((file) => basename(file) === 'index.ts')).toEqual(['index.ts']);
  });

  test('there are no rooms for leftovers', () => {
    expect(files.filter((file) => /\b(utils?|helpers?|common|misc)\b/.test(file))).toEqual([]);
  });
});

test('the check of parameters finds a boolean by position, and no other', () => {
  const text = `
export function one(text: string, isFast: boolean): void {}
export async function two<T extends (a: boolean) => T>(work: T, isFast = false): Promise<T> {}
export function three(isFast?: boolean | undefined, rest: string[] = []): string {}
export function four({ isFast }: { isFast: boolean }, work: (isFast: boolean) => boolean): boolean {}
function five(isFast: boolean): void {}
export class Six {
  constructor(text: string, isFast: boolean) {}
}
`;
  expect(findPositionalBooleans(text)).toEqual(['one', 'two', 'three', 'constructor']);
});

describe('the check for circles', () => {
  test('finds files that reach each other, and no others', () => {
    const targets = { a: ['b', 'd'], b: ['c'], c: ['a'], d: ['e'], e: ['d'], f: ['a'] };
    expect(findCycles(new Map(Object.entries(targets))).sort()).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});

describe('the check of imports', () => {
  test.each([
    ['cli/main.ts', '../index.js'],
    ['cli/output/run/run-text.ts', '../../engine/events.js'],
    ['cli/output/run/run-text.ts', './style.js'],
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
    ['engine/ledger/log.ts', '../run/run.js', 'engine/ledger may not use engine/run'],
    ['engine/attic/box.ts', '../events.js', 'engine/attic has no place in the order of engine'],
    ['sql/syntax/parse.ts', '../lint/rule.js', 'sql/syntax may not use sql/lint'],
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
