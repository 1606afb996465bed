/** A clone with CRLF line ends, as git makes it on Windows, is the same project: nothing is changed, stale or written otherwise. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { commitAll } from '../support/git.js';
import { type Project, projectOn } from '../support/kat-project.js';

const [newest = 18] = majors().toReversed();

const migrations = {
  '1_users': {
    up: "CREATE TABLE users (id int, role text);\nCOMMENT ON TABLE users IS 'a\nb';\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS '\nSELECT 1\n';\n",
    down: 'DROP FUNCTION f();\nDROP TABLE users;\n',
  },
  '2_drop': { up: 'ALTER TABLE users DROP COLUMN role;\n', parents: [1] },
  '3_index': { up: 'CREATE INDEX users_role ON users (role);\n', parents: [1] },
};

/** As `git checkout` writes files where `core.autocrlf` is on. */
function checkOutWithCrlf({ folder }: Project): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('.git') && /\.(?:sql|yaml|mjs|migrations)$/.test(path),
  );
  for (const path of files.map((one) => join(folder, one))) {
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
  }
}

test('no migration has changed since the base', async () => {
  const project = await projectOn(newest, { migrations });
  commitAll(project.folder);
  for (const _ of ['LF', 'CRLF']) {
    expect((await project.kat('check --git-base HEAD')).stdout).toContain('0 unordered pairs');
    expect((await project.kat('lint --git-base HEAD')).stdout).toContain('0 migrations: no problems found');
    checkOutWithCrlf(project);
  }
});

test('outputs are those of any other clone', async () => {
  const { '3_index': _, ...some } = migrations;
  const project = await projectOn(newest, { migrations: some });
  const write = ['schema --file schema.sql', 'schema --dir parts', 'bundle --out bundle.mjs'];
  for (const command of write) expect((await project.kat(command)).code, command).toBe(0);
  const [schema, bundle] = [project.read('schema.sql'), project.read('bundle.mjs')];
  checkOutWithCrlf(project);
  expect(readFileSync(join(project.folder, 'schema.sql'), 'utf8')).toContain('\r\n');
  for (const command of write)
    expect(await project.kat(`${command} --check`), command).toMatchObject({ code: 0 });
  for (const command of ['schema --file other.sql', 'bundle --out other.mjs']) await project.kat(command);
  expect([project.read('other.sql'), project.read('other.mjs')]).toEqual([schema, bundle]);
});
