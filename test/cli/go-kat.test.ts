/** A project as Go's Kat 0.2 leaves it works without any step, and Go's Kat can go on with it afterwards. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

const [users, posts, comments] = [
  '1679012345_create_users',
  '1679012350_create_posts',
  '1679012355_create_comments',
] as const;

const table = `CREATE TABLE "migrations" (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name TEXT NOT NULL,
  migration_time TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
  duration INTERVAL NOT NULL
)`;

const rows = `INSERT INTO migrations (name, migration_time, duration) VALUES
  ('${users}', '2025-03-01 10:00:00.123+02', 15621 * interval '1 microsecond'),
  ('${posts}', '2025-03-01 10:00:01+02', 90123456 * interval '1 microsecond')`;

/** As its template has it, with the comments of a user who switched between both kinds of address. */
function goConfig({ database }: { database: { host: string; port: number; name: string } }): string {
  return `# Kat configuration
migration:
  tablename: migrations
  directory: migrations

verbose: true

# Option 1
database:
  user: postgres
  password: postgres
  name: ${database.name}
  port: ${database.port}
  sslmode: disable
  host: ${database.host}

# Option 2
# database:
#   url: postgres://user:password@localhost/dbname?sslmode=disable
`;
}

async function goProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, {
    files: {
      [`migrations/${users}/up.sql`]: 'CREATE TABLE users (id INT);',
      [`migrations/${users}/down.sql`]: 'DROP TABLE users;',
      [`migrations/${users}/metadata.yaml`]: 'name: create_users\ntimestamp: 1679012345\nparents: []\n',
      [`migrations/${posts}/up.sql`]: 'CREATE TABLE posts (id INT);',
      [`migrations/${posts}/down.sql`]: 'DROP TABLE posts;',
      [`migrations/${posts}/metadata.yaml`]:
        'name: create_posts\ntimestamp: 1679012350\nparents: [1679012345]\n',
      [`migrations/${comments}/up.sql`]: 'CREATE TABLE comments (id INT); SELECT pg_sleep(0.05);',
      [`migrations/${comments}/down.sql`]: 'DROP TABLE comments;',
      [`migrations/${comments}/metadata.yaml`]:
        'name: create_comments\ntimestamp: 1679012355\nparents: [1679012345, 1679012350]\n',
    },
  });
  project.write('kat.conf.yaml', goConfig(project));
  await project.database.query(`${table}; ${rows}; CREATE TABLE users (id INT); CREATE TABLE posts (id INT)`);
  return project;
}

async function columns({ database }: DatabaseProject): Promise<unknown> {
  return database.query(
    "SELECT column_name, data_type, is_identity FROM information_schema.columns WHERE table_name = 'migrations' ORDER BY ordinal_position",
  );
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('status reads its rows', async () => {
    const project = await goProject(major);
    const { code, stdout } = await project.kat('status', { env: { TZ: 'Asia/Tokyo', PGTZ: 'Asia/Tokyo' } });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Applied
  ✓ ${users}     2025-03-01 08:00:00 UTC  16 ms
  ✓ ${posts}     2025-03-01 08:00:01 UTC  1 min 30 s

Pending
  • ${comments}  ready

2 applied, 1 pending
`,
    });
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'migrations_log'")).toEqual([]);
  });

  test('up adds a row of the same kind, and down takes rows away', async () => {
    const project = await goProject(major);
    const before = await columns(project);
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect(await columns(project)).toEqual(before);
    const added = await project.database.query(
      `SELECT id::int, name, duration BETWEEN interval '50 milliseconds' AND interval '30 seconds' AS lasted,
              now() - migration_time BETWEEN interval '0' AND interval '1 minute' AS was_now
       FROM migrations ORDER BY id DESC LIMIT 1`,
    );
    expect(added).toEqual([{ id: 3, name: comments, lasted: true, was_now: true }]);
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply\n');

    expect((await project.kat('down --count 2')).code).toBe(0);
    expect(await project.applied()).toEqual([users]);
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual([users, posts, comments]);
  });

  test('what Go’s Kat writes afterwards is understood', async () => {
    const project = await goProject(major);
    await project.kat('up');
    await project.database.query(
      `INSERT INTO migrations (name, migration_time, duration)
       VALUES ('1679012360_by_go', '2025-03-02 00:00:00.5+00', 1234567 * interval '1 microsecond')`,
    );
    project.addMigration('1679012360_by_go', { up: 'SELECT 1;', parents: [1679012355] });
    const status = JSON.parse((await project.kat('status --json')).stdout);
    expect(status.counts).toEqual({
      applied: 4,
      pending: 0,
      missing: 0,
      changed: 0,
      unordered: 0,
      halfDone: 0,
      running: 0,
    });
    expect(status.migrations[3]).toMatchObject({
      durationMs: 1234.567,
      appliedAt: '2025-03-02T00:00:00.500000Z',
    });
    expect((await project.kat('down')).code).toBe(0);
    expect(await project.applied()).toEqual([users, posts, comments]);
  });

  test('a dry run leaves all of it alone', async () => {
    const project = await goProject(major);
    const { stdout } = await project.kat('up --dry-run');
    expect(stdout).toContain(`${comments} [DRY RUN] Would execute up migration for ${comments}\n`);
    expect(await project.applied()).toEqual([users, posts]);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname = 'migrations_log'")).toEqual([]);
  });
});

test('add writes a name without a timestamp where the last migration has one, and else with it', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n',
    migrations: { '1_users': 'SELECT 1;' },
  });
  const nameOfNew = async (name: string) => {
    expect((await project.kat(['add', name])).code).toBe(0);
    const id = project.ids().find((one) => one.endsWith(`_${name}`)) ?? '';
    return { id, text: project.read(`migrations/${id}/metadata.yaml`) };
  };
  const ours = await nameOfNew('first');
  expect(ours.text).toContain(`\nname: ${ours.id}\n`);
  project.write(`migrations/${ours.id}/metadata.yaml`, ours.text.replace(`name: ${ours.id}`, 'name: first'));
  for (const name of ['second', 'third']) expect((await nameOfNew(name)).text).toContain(`\nname: ${name}\n`);
  expect((await project.kat('graph')).code).toBe(0);
});

describe.each(commandMajors())(
  'what Go’s Kat has recorded under a doubled name, on PostgreSQL %i',
  (major) => {
    test('is not run again, and the advice records its own name', async () => {
      const project = await goProject(major);
      const doubled = `1679012355_${comments}`;
      await project.database.query(
        `CREATE TABLE comments (id INT);
       INSERT INTO migrations (name, duration) VALUES ('${doubled}', interval '1 ms')`,
      );
      const status = await project.kat('status');
      expect(status.stdout).toContain(`recorded by Go's Kat for ${comments}`);
      const up = await project.kat('up');
      expect(up.code).toBe(3);
      expect(up.stderr).toContain(
        `Record its own name with \`kat stamp --only ${comments}\` and then \`kat repair ${doubled} --drop-missing\`: they run no SQL.`,
      );
      expect((await project.kat('down')).stderr).toContain('Nothing was rolled back');
      expect(await project.kat(`stamp --only ${comments} --yes`)).toMatchObject({ code: 0 });
      expect(await project.kat(`repair ${doubled} --drop-missing --yes`)).toMatchObject({ code: 0 });
      expect(await project.applied()).toEqual([users, posts, comments]);
      expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
    });
  },
);

describe.each(commandMajors())(
  'a tracking table of any name that Go’s Kat has made, on PostgreSQL %i',
  (major) => {
    test.each(['my-migrations', 'm'.repeat(60), 'm'.repeat(63), 'é'.repeat(31)])('%s', async (name) => {
      const project = await goProject(major);
      project.write(
        'kat.conf.yaml',
        project.read('kat.conf.yaml').replace('tablename: migrations', `tablename: ${name}`),
      );
      await project.database.query(`ALTER TABLE migrations RENAME TO "${name}"`);
      expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
      const status = JSON.parse((await project.kat('status --json')).stdout);
      expect(status.counts).toMatchObject({ applied: 3, pending: 0 });
      expect((await project.kat('history')).stdout).toContain(comments);
      expect(await project.kat('down')).toMatchObject({ code: 0 });
      expect(await project.database.query(`SELECT name FROM "${name}" ORDER BY id`)).toEqual([
        { name: users },
        { name: posts },
      ]);
    });
  },
);

describe.each(commandMajors())('its flags and words, on PostgreSQL %i', (major) => {
  test('-d, --rd, KAT_DRY_RUN=t and driver: postgresql', async () => {
    const project = await projectOn(major, {
      migrations: { '1_a': 'CREATE TABLE a ();', '2_b': 'SELECT 1;' },
    });
    project.write('kat.conf.yaml', `database:\n  driver: postgresql\n  url: ${project.database.url}\n`);
    const dry = 'DRY RUN: Validated 2 migrations without applying them';
    expect((await project.kat('up -d')).stdout).toContain(dry);
    expect((await project.kat('up', { env: { KAT_DRY_RUN: 't' } })).stdout).toContain(dry);
    expect(await project.kat('ping --rd 100')).toMatchObject({ code: 0 });
    const all = await project.kat('up --count 0');
    expect([all.code, all.stdout]).toEqual([2, '']);
    expect(all.stderr).toContain('Without --count, all are applied.');
    expect(await project.kat('up', { env: { KAT_DRY_RUN: 'f' } })).toMatchObject({ code: 0 });
    expect(await project.applied()).toEqual(['1_a', '2_b']);
    expect((await project.kat('down -d 2_b')).stdout).toContain('2_b');
    expect(await project.kat('down --count 0')).toMatchObject({ code: 2 });
    expect(await project.kat(['add', 'more', '-d', 'what it is for'])).toMatchObject({ code: 0 });
    expect(await project.applied()).toEqual(['1_a', '2_b']);
  });
});
