import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignIds } from '../../../src/project/import/ids.js';
import { timestampOf } from '../../../src/project/import/numbers.js';
import type { SourceMigration } from '../../../src/project/import/source.js';
import {
  compareVersions,
  numberVersions,
  parseVersion,
} from '../../../src/project/import/tools/flyway-versions.js';

const migration = (key: string, name: string, number?: string): SourceMigration => ({
  key,
  label: key,
  name,
  ...(number === undefined ? {} : { number }),
  parents: [],
  up: { file: '', line: 1, text: '' },
  noTransaction: false,
});

test.each([
  ['20240105093000', '1704447000'],
  ['20240229000000', '1709164800'],
  ['20230229000000', '20230229000000'],
  ['20241301000000', '20241301000000'],
  ['20240105246000', '20240105246000'],
  ['20261122213745195', '1795383465'],
  ['1795383464230', '1795383464'],
  ['1704447000', '1704447000'],
  ['202401050930', '1704447000'],
  ['20240105', '1704412800'],
  ['20240145', '20240145'],
  ['10000105', '10000105'],
  ['000012', '12'],
  ['7', '7'],
])('the number %s becomes the timestamp %s', async (digits, timestamp) => {
  expect(timestampOf(digits)).toBe(timestamp);
});

describe('ids', () => {
  const idsOf = (migrations: SourceMigration[]) => [...assignIds(migrations).values()];

  test('go on by one where the source has no greater number', async () => {
    const ids = idsOf([
      migration('a', 'a', '20240105093000'),
      migration('b', 'b', '20240105093000'),
      migration('c', 'c', '3'),
      migration('d', 'd'),
      migration('e', 'e', '1704447003'),
    ]);
    expect(ids).toEqual(['1704447000_a', '1704447001_b', '1704447002_c', '1704447003_d', '1704447004_e']);
  });

  test.each([
    ['Create Users', 'create_users'],
    ['create-users', 'create_users'],
    ['  add.e-mail (again)! ', 'add_e_mail_again'],
    ['übersicht', 'bersicht'],
    ['顧客', 'migration'],
    ['', 'migration'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('have plain names: %j', async (name, plain) => {
    expect(idsOf([migration('k', name, '5')])).toEqual([`5_${plain}`]);
  });

  test('are unique and ascend with the source, whatever it has', async () => {
    const source = fc.record({ name: fc.string(), digits: fc.option(fc.stringMatching(/^\d{1,20}$/)) });
    fc.assert(
      fc.property(fc.array(source, { maxLength: 20 }), (sources) => {
        const migrations = sources.map(({ name, digits }, index) =>
          migration(String(index), name, digits ?? undefined),
        );
        const timestamps = idsOf(migrations).map((id) => BigInt(id.slice(0, id.indexOf('_'))));
        for (const [index, timestamp] of timestamps.entries()) {
          expect(timestamp > (timestamps[index - 1] ?? -1n)).toBe(true);
        }
        expect(idsOf(migrations)).toEqual(idsOf(migrations));
      }),
    );
  });
});

describe("Flyway's versions", () => {
  test('are equal whatever their zeros and separators are', async () => {
    expect(['1', '1.0', '01', '1_0.0'].map(parseVersion)).toEqual(['1', '1', '1', '1']);
    expect(parseVersion('1_02.30')).toBe('1.2.30');
  });

  test('keep their numbers where they have one part, and get places for all parts otherwise', async () => {
    expect(numberVersions(['1', '2', '20240105093000'])).toEqual(['1', '2', '20240105093000']);
    expect(numberVersions(['1', '1.2', '2', '2.0.7'])).toEqual(['1000000', '1002000', '2000000', '2000007']);
    expect(numberVersions(['1.20240105'])).toEqual(['120240105']);
  });

  test('have numbers in their own order', async () => {
    const version = fc.array(fc.nat({ max: 12_345 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(version, { maxLength: 12 }), (lists) => {
        const versions = [...new Set(lists.map((parts) => parseVersion(parts.join('.'))))].sort(
          compareVersions,
        );
        const numbers = numberVersions(versions).map(BigInt);
        for (const [index, number] of numbers.entries()) {
          expect(number > (numbers[index - 1] ?? -1n)).toBe(true);
        }
      }),
    );
  });
});
