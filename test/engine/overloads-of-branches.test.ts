/** Functions of one name that two branches create: a call needs the one that it means, and no other. Each truth is executed. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const makes = (args: string, result = 1) =>
  `CREATE FUNCTION f(${args}) RETURNS int LANGUAGE sql AS 'SELECT ${result}';`;
const view = (call: string) => `CREATE VIEW v AS SELECT ${call} AS x;`;

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  async function open(first: string, second: string, use: string, parents: readonly number[]) {
    const migrations = { '1_one': first, '2_other': second, '3_use': { up: use, parents: [...parents] } };
    return projectOn(major, { migrations });
  }

  test.each([
    ['takes the type itself', makes('int'), makes('text', 2), view('f(1)')],
    ['takes another number of arguments', makes('int'), makes('int, int', 2), view('f(1)')],
    ['takes one that widens', makes('int'), makes('numeric', 2), view('f(1)')],
    ['is called at once', makes('int'), makes('text', 2), 'CREATE TABLE t AS SELECT f(1) AS x;'],
    ['is a procedure', "CREATE PROCEDURE f(int) LANGUAGE sql AS '';", makes('text'), 'CALL f(1);'],
  ])('nothing is wrong where the parent has the function that %s', async (_title, first, second, use) => {
    const project = await open(first, second, use, [1]);
    expect(await project.kat('check')).toMatchObject({ code: 0 });
    expect(await project.kat('deps')).toMatchObject({ code: 0 });
    expect((await project.kat('up --to 3_use')).code).toBe(0);
    expect((await project.kat('up')).code).toBe(0);
    expect((await project.kat('drift')).code).toBe(0);
  });

  test.each([
    ['is not the one that the parent has', makes('date'), makes('int'), view('f(1)')],
    ['is preferred to that of the parent', makes('int'), makes('text'), view("f('1')")],
  ])('an error where the function %s', async (_title, first, second, use) => {
    const project = await open(first, second, use, [1]);
    for (const command of ['check', 'deps']) {
      const run = await project.kat(command);
      expect(run.code).toBe(3);
      expect(run.stdout).toContain('2_other');
    }
  });

  test('without a parent, only the function that is called is needed', async () => {
    const project = await open(makes('int'), makes('text'), view('f(1)'), []);
    const run = await project.kat('deps');
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('3 migrations: 1 error');
    expect(run.stdout).toContain('needs 1_one, which is not among its ancestors');
  });
});
