/** A rollback that sets off a trigger or rule which deletes rows elsewhere asks first. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const clean = (body: string) =>
  `CREATE FUNCTION clean() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NULL; END $$;`;
const trigger = (event: string) =>
  `CREATE TRIGGER tidy AFTER ${event} ON keys FOR EACH ROW EXECUTE FUNCTION clean();`;

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  async function openWith(code: string, down: string) {
    const project = await projectOn(major, {
      migrations: {
        '1_base': `CREATE TABLE keys (a int); CREATE TABLE orders (a int); ${code}`,
        '2_key': { up: 'INSERT INTO keys VALUES (1);', down, parents: [1] },
      },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query('INSERT INTO orders VALUES (1)');
    return kat;
  }

  const remove = 'DELETE FROM keys WHERE a = 1;';

  test.each([
    [
      'a trigger',
      `${clean('DELETE FROM orders WHERE a = OLD.a;')} ${trigger('DELETE')}`,
      remove,
      'trigger tidy',
    ],
    [
      'a trigger of an UPDATE',
      `${clean('TRUNCATE orders;')} ${trigger('UPDATE')}`,
      'UPDATE keys SET a = 2;',
      'trigger tidy',
    ],
    [
      'a trigger of a TRUNCATE',
      `${clean('DELETE FROM orders;')} CREATE TRIGGER tidy AFTER TRUNCATE ON keys EXECUTE FUNCTION clean();`,
      'TRUNCATE keys;',
      'trigger tidy',
    ],
    ['a rule', 'CREATE RULE tidy AS ON DELETE TO keys DO ALSO DELETE FROM orders;', remove, 'rule tidy'],
  ])('by %s', async (_name, code, down, named) => {
    const kat = await openWith(code, down);
    const failure = await failureOf(kat.down());
    expect(failure.message).toContain(
      `runs code that may drop or empty tables (the ${named} of public.keys)`,
    );
  });

  test.each([
    ['only writes', `${clean('INSERT INTO orders VALUES (2);')} ${trigger('DELETE')}`, remove],
    ['is for another event', `${clean('DELETE FROM orders;')} ${trigger('INSERT')}`, remove],
    [
      'is switched off',
      `${clean('DELETE FROM orders;')} ${trigger('DELETE')} ALTER TABLE keys DISABLE TRIGGER tidy;`,
      remove,
    ],
    [
      'is dropped before',
      `${clean('DELETE FROM orders;')} ${trigger('DELETE')}`,
      `DROP TRIGGER tidy ON keys; ${remove}`,
    ],
  ])('not by a trigger that %s', async (_name, code, down) => {
    const kat = await openWith(code, down);
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_key']);
  });
});
