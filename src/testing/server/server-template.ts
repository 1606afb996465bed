/** Builds the database on a server that clones are copied from. */

import { createHash } from 'node:crypto';
import type { Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { createKat } from '../../engine/kat.js';
import { quoteDollar, quoteIdentifier, quoteLiteral } from '../../quote.js';
import { executeSeed } from '../seed.js';
import type { TemplateContent } from '../template-content.js';
import { markDatabase, markedDatabases, now } from './marks.js';
import { takeTemplateLock, templateName, unlockTemplate } from './template-lock.js';
import { createDatabaseFrom, type TestServer } from './test-server.js';

/**
 * One process builds it, others wait for that. A template that takes no connections any more is finished.
 * @returns its name.
 * @throws what the migrations throw; KatError SQL_ERROR for the seed, USAGE.
 */
export async function ensureServerTemplate(server: TestServer, content: TemplateContent): Promise<string> {
  const { session } = server;
  if (!content.isShared) return buildOwn(server, content);
  const name = templateName(await hashOnServer(session, content.hash));
  if (await useFinished(session, name)) return name;
  await takeTemplateLock(session, name);
  try {
    if (!(await useFinished(session, name))) await buildTemplate(server, name, content);
  } finally {
    await unlockTemplate(session, name);
  }
  return name;
}

/** Its name is that of a clone, so it is dropped like one if this process is killed. */
async function buildOwn(server: TestServer, content: TemplateContent): Promise<string> {
  const name = server.nextName();
  await buildTemplate(server, name, content);
  return name;
}

/** Settings of the URL, of the environment and of the role, with which the migrations run. Each process has a name of its own. */
const chosenSettings = `SELECT name, reset_val FROM pg_catalog.pg_settings
     WHERE source IN ('client', 'user', 'global') AND name <> 'application_name' ORDER BY name`;

/**
 * The same migrations may do something else with another server, another extension or other settings. A template belongs to the role
 * that built it.
 */
async function hashOnServer({ server, execute }: Session, hash: string): Promise<string> {
  const [role, extensions, settings] = await execute(
    `SELECT current_user::pg_catalog.text AS role;
     SELECT name, default_version FROM pg_catalog.pg_available_extensions ORDER BY name;
     ${chosenSettings}`,
  );
  const major = Math.floor(server.versionNumber / 10_000);
  const facts = JSON.stringify([hash, major, role?.rows, extensions?.rows, settings?.rows]);
  return createHash('sha256').update(facts).digest('hex');
}

/** A comment that is renewed for each test would make clones wait for each other. */
const renewalSeconds = 3600;

/** @returns whether there is a finished template. */
async function useFinished(session: Session, name: string): Promise<boolean> {
  const [found] = await session.execute(
    `SELECT (since > ${now} - ${renewalSeconds}) IS TRUE AS is_fresh FROM (${markedDatabases}) d
     WHERE name = ${quoteLiteral(name)} AND NOT is_open`,
  );
  const template = found?.rows[0];
  // Another process may write the same comment at the same time, which fails for one of them.
  if (template?.is_fresh === 'f') await markDatabase(session, name, { verb: 'used' }).catch(() => undefined);
  return template !== undefined;
}

async function buildTemplate(
  { session, settingsOf }: TestServer,
  name: string,
  { directory, tableName, roles, migrations, seed }: TemplateContent,
): Promise<void> {
  await session.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
  for (const role of roles) await session.execute(createRole(role));
  await createDatabaseFrom(session, name, 'template0');
  const kat = createKat({ migrations: directory, database: settingsOf(name), tableName });
  try {
    if (migrations.length > 0) await kat.up({ to: migrations });
  } finally {
    await kat.close();
  }
  if (seed !== undefined) await seedDatabase(settingsOf(name), seed);
  await session.execute(`ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false`);
  await markDatabase(session, name, { verb: 'used' });
}

async function seedDatabase(settings: Parameters<typeof openDriver>[0], seed: string): Promise<void> {
  const driver = await openDriver(settings);
  const session = await driver.open('kat (seed)');
  try {
    await executeSeed(session, seed);
  } finally {
    await session.close();
    await driver.close();
  }
}

/** Roles belong to the whole server, so another run may have created it. */
function createRole(role: string): string {
  return `DO ${quoteDollar(`BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteLiteral(role)}) THEN CREATE ROLE ${quoteIdentifier(role)}; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END`)}`;
}
