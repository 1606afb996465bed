import { afterAll, describe, expect, test } from 'vitest';
import { emptyPglite } from '../../support/pglite.js';
import { findBy } from '../lint/lint-sql.js';
import { readSchema } from './read-schema.js';
import { differing, inverses, type Scene, silent } from './scenes.js';

const db = await emptyPglite();
afterAll(() => db.close());

/** Whether the database is another than before when both ways are gone. */
async function differs({ before, up, down }: Scene): Promise<boolean> {
  try {
    await db.exec(before);
    const first = await readSchema(db);
    await db.exec(up);
    await db.exec(down);
    return (await readSchema(db)).join('\n') !== first.join('\n');
  } finally {
    await db.exec('DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  }
}

function found({ before, up, down }: Scene): string[] {
  const context = { applied: [before], up, down };
  return [...findBy('incomplete-down', context), ...findBy('down-drops-more', context)];
}

describe('a way back that is exact', () => {
  test.each(inverses.map((context) => [context.name, context] as const))('%s', async (_, context) => {
    expect(await differs(context)).toBe(false);
    expect(found(context)).toEqual([]);
  });
});

describe('a way back that leaves or takes something', () => {
  test.each(differing.map((context) => [context.name, context] as const))('%s', async (_, context) => {
    expect(await differs(context)).toBe(true);
    expect(found(context)).toEqual(context.found);
  });
});

describe('what is not certain is not said', () => {
  test.each(silent.map((context) => [context.name, context] as const))('%s', async (_, context) => {
    expect(await differs(context)).toBe(true);
    expect(found(context)).toEqual([]);
  });
});

test('tables that a text lets inherit in a circle are dropped all the same', () => {
  const up = 'CREATE TABLE a () INHERITS (b); CREATE TABLE b () INHERITS (a)';
  expect(findBy('incomplete-down', { up, down: 'DROP TABLE b CASCADE' })).toEqual([]);
});
