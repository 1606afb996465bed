/** What a server says while migrations run: what their authors wrote is shown, what PostgreSQL adds by itself only when asked for. */
import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const up = `DROP VIEW IF EXISTS nothing;
DO $$ BEGIN
  RAISE NOTICE 'moved % rows', 12;
  RAISE INFO 'for your information';
  RAISE WARNING 'careful';
  DROP VIEW IF EXISTS nothing_either;
END $$;`;
const raised = ['  NOTICE: moved 12 rows', '  INFO: for your information', '  WARNING: careful'];

test.each(commandMajors())('on PostgreSQL %i', async (major) => {
  const project = await projectOn(major, { migrations: { '1_talks': up } });
  const run = await project.kat('up');
  expect(run.code).toBe(0);
  expect(run.stderr).toContain(`${raised.join('\n')}\n`);
  expect(run.stderr).not.toContain('skipping');
  await project.kat('down --yes');
  const verbose = await project.kat('up --verbose');
  expect(verbose.stderr).toContain('  NOTICE: view "nothing_either" does not exist, skipping\n');
  for (const line of raised) expect(verbose.stderr).toContain(`${line}\n`);
});
