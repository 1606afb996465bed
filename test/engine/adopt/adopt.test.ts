/** What other tools leave behind (the head of each database.sql says whose it is) is imported, adopted and gone on with. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportTool } from '../../../src/index.js';
import { majors } from '../../support/database.js';
import { contentOf, projectOn } from '../../support/kat-project.js';
import { openKat } from '../library.js';

const fixtures = resolve(import.meta.dirname, '../../support/import');

interface Case {
  tool: ImportTool;
  /** Default the tool's name. */
  fixture?: string;
  /** Default the tool's own. */
  table?: string;
  /** Ids of what is applied, and when, to the second. */
  applied: Record<string, string>;
  pending: string[];
  /** How many of the last ones can be taken back, all together. */
  downs: number;
}

const now = 'now';

const cases: Case[] = [
  {
    tool: 'dbmate',
    applied: {
      '1795383231_create_users': now,
      '1795383232_create_posts': now,
      '1795383234_index_posts': now,
    },
    pending: ['1795383235_add_email'],
    downs: 4,
  },
  {
    tool: 'golang-migrate',
    applied: { '1_create_users': now, '2_create_posts': now, '3_index_posts': now },
    pending: ['4_add_email'],
    downs: 4,
  },
  {
    tool: 'goose',
    applied: {
      '1704447000_create_users': '2026-11-22T21:34:28',
      '1704536130_create_posts': '2026-11-22T21:34:28',
      '1704614400_index_posts': '2026-11-22T21:34:28',
    },
    pending: ['1704697200_add_email'],
    downs: 4,
  },
  {
    tool: 'flyway',
    applied: {
      '1000_create_users': '2024-01-05T09:30:01',
      '1001_create_posts': '2024-01-06T10:17:30',
      '1002_index_posts': '2024-01-07T08:00:00',
    },
    pending: ['2000_add_email', '2001_post_titles'],
    downs: 0,
  },
  {
    tool: 'node-pg-migrate',
    applied: {
      '1795383464_create_users': '2026-11-22T21:37:46',
      '1795383465_create_posts': '2026-11-22T21:37:46',
      '1795383466_index_posts': '2026-11-22T21:37:46',
    },
    pending: ['1795383467_add_email'],
    downs: 4,
  },
  {
    tool: 'prisma',
    applied: {
      '1704447000_create_users': '2026-11-22T21:39:17',
      '1704536130_create_posts': '2026-11-22T21:39:17',
      '1704614400_index_posts': '2026-11-22T21:39:17',
    },
    pending: ['1704697200_add_email'],
    downs: 0,
  },
  {
    tool: 'drizzle',
    applied: { '1795383402_step1': now, '1795383404_step2': now, '1795383406_step3': now },
    pending: ['1795383407_seed'],
    downs: 0,
  },
  {
    tool: 'drizzle',
    fixture: 'drizzle-v1',
    applied: {
      '1795383394_step1': '2026-11-22T21:37:43',
      '1795383396_step2': '2026-11-22T21:37:43',
      '1795383399_step3': '2026-11-22T21:37:43',
    },
    pending: ['1795383401_seed'],
    downs: 0,
  },
  {
    tool: 'sqitch',
    applied: {
      '1704447000_app': '2024-01-09T10:00:02',
      '1704447001_users': '2024-01-09T10:00:03',
      '1704536130_tags': '2024-01-09T10:00:04',
      '1704614400_posts': '2024-01-09T10:00:05',
    },
    pending: ['1704697200_users_2'],
    downs: 5,
  },
  {
    tool: 'alembic',
    applied: {
      '1_1975ea83b712': now,
      '2_34f5a2b1c0de': now,
      '3_27c6a30d7c24': now,
      '4_4a3b2c1d0e9f': now,
      '5_5b6c7d8e9f01': now,
    },
    pending: ['6_6c7d8e9f0102'],
    downs: 6,
  },
  {
    tool: 'supabase',
    applied: {
      '1704447000_create_users': now,
      '1704536130_create_posts': now,
      '1704614400_index_posts': now,
    },
    pending: ['1704697200_add_email'],
    downs: 0,
  },
  {
    tool: 'sqlx',
    applied: {
      '1704447000_create_users': '2024-01-09T10:00:01',
      '1704536130_create_posts': '2024-01-09T10:00:02',
      '1704614400_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['1704697200_add_email'],
    downs: 4,
  },
  {
    tool: 'diesel',
    applied: {
      '1_diesel_initial_setup': '2024-01-09T10:00:00',
      '1704447000_create_users': '2024-01-09T10:00:01',
      '1704536130_create_posts': '2024-01-09T10:00:02',
      '1704614400_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['1704697200_add_email'],
    downs: 5,
  },
  {
    tool: 'tern',
    applied: {
      '1_create_users': now,
      '2_create_posts': now,
      '3_index_posts': now,
    },
    pending: ['4_add_email'],
    downs: 4,
  },
  {
    tool: 'refinery',
    applied: {
      '1_create_users': '2024-01-09T10:00:01',
      '2_create_posts': '2024-01-09T10:00:02',
      '3_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['4_add_email'],
    downs: 0,
  },
  {
    tool: 'atlas',
    applied: {
      '1704447000_create_users': '2024-01-09T10:00:01',
      '1704536130_create_posts': '2024-01-09T10:00:02',
      '1704614400_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['1704697200_add_email'],
    downs: 0,
  },
  {
    tool: 'graphile-migrate',
    applied: {
      '1_create_users': '2024-01-09T10:00:01',
      '2_create_posts': '2024-01-09T10:00:02',
      '3_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['4_add_email'],
    downs: 0,
  },
  {
    tool: 'liquibase',
    applied: {
      '1_create_users': '2024-01-09T10:00:01',
      '2_create_posts': '2024-01-09T10:00:02',
      '3_001_users_3': '2024-01-09T10:00:03',
    },
    pending: ['4_add_email'],
    downs: 4,
  },
  {
    tool: 'knex',
    applied: {
      '1704447000_create_users': '2024-01-09T10:00:01',
      '1704536130_create_posts': '2024-01-09T10:00:02',
      '1704614400_index_posts': '2024-01-09T10:00:03',
    },
    pending: ['1704697200_add_email'],
    downs: 4,
  },
  {
    tool: 'typeorm',
    table: 'typeorm_migrations',
    applied: {
      '1704447000_createusers': now,
      '1704536130_createposts': now,
      '1704614400_indexposts': now,
    },
    pending: ['1704697200_addemail'],
    downs: 4,
  },
];

const major = majors().at(-1) as number;

test.each(cases)(
  'from $tool $fixture, up and down again',
  async ({ tool, fixture = tool, table, applied, pending, downs }) => {
    const project = await projectOn(major);
    const { database } = project;
    await database.query(readFileSync(join(fixtures, fixture, 'database.sql'), 'utf8'));
    await database.query(`ALTER DATABASE ${database.name} SET timezone = 'UTC'`);
    const directory = join(fixtures, fixture, 'migrations');
    const [filesBefore, contentBefore] = [filesIn(directory), await contentOf(database)];
    const { kat } = openKat(project);
    const options = {
      from: tool,
      directory,
      adopt: true,
      table,
      ...(tool === 'flyway' ? { placeholders: { schema: 'public' } } : {}),
    };

    const foreseen = await kat.import({ ...options, dryRun: true });
    expect(project.ids()).toEqual([]);
    const result = await kat.import(options);
    expect(result.migrations).toEqual(foreseen.migrations);
    expect(result.adopted).toEqual(foreseen.adopted);
    expect(result.warnings.filter(({ message }) => message.includes('has changed since'))).toEqual([]);
    expect(filesIn(directory)).toEqual(filesBefore);
    expect(await contentOf(database)).toEqual(contentBefore);

    const status = await kat.status();
    const times = status.migrations.flatMap(({ id, state, appliedAt }) =>
      state === 'applied' ? [[id, appliedAt?.slice(0, 19)]] : [],
    );
    const expected = Object.entries(applied).map(([id, time]) => [
      id,
      time === now ? expect.stringMatching(/^20/) : time,
    ]);
    expect(times).toEqual(expected);
    expect(status.counts).toMatchObject({ applied: times.length, changed: 0, missing: 0 });

    const again = await kat.import(options);
    expect(again.migrations.every(({ isPresent }) => isPresent)).toBe(true);
    expect(again.adopted).toEqual([]);

    const up = await kat.up();
    expect(up.migrations.map(({ id }) => id)).toEqual(pending);
    if (downs > 0) await kat.down({ count: downs });
    expect((await kat.status()).counts.applied).toBe(times.length + pending.length - downs);
  },
  30_000,
);

function filesIn(directory: string): [string, string][] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort().map((file) => [file, readFileSync(file, 'latin1')]);
}
