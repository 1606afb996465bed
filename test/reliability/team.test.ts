/** Twenty releases of a team: branches that arrive late, merges, several heads, and typing errors that are corrected in old files. */

import { describe, expect, test } from 'vitest';
import { createKat } from '../../src/index.js';
import { commandMajors, freshDatabase } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { schemaOf } from './schema.js';

/** The same walk every time: numbers from 0 up to, but without, `below`. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A migration that makes a table, which others may build on. */
interface Table {
  name: string;
  timestamp: number;
}

class Team {
  readonly #roll: (below: number) => number;
  readonly #tables: Table[] = [];
  readonly #heads = new Set<number>();
  readonly #taken = new Set<number>();
  /** Ids, in the order of writing. */
  readonly ids: string[] = [];
  /** Ids of applied ones whose up.sql is not what was applied. */
  readonly edited = new Set<string>();

  constructor(seed: number) {
    this.#roll = createDice(seed);
  }

  /** Writes one to four migrations; a third of them was begun before others that are applied by now. */
  write(project: DatabaseProject, release: number): string[] {
    const written: string[] = [];
    for (let left = 1 + this.#roll(4); left > 0; left -= 1) {
      const isLate = release > 2 && this.#roll(3) === 0;
      const timestamp = this.#freeTimestamp(isLate ? 1 + this.#roll(release - 2) : release);
      const { name, ...source } = this.#next(timestamp);
      const id = `${timestamp}_${name}`;
      project.addMigration(id, source);
      for (const parent of source.parents) this.#heads.delete(parent);
      this.#heads.add(timestamp);
      written.push(id);
    }
    this.ids.push(...written);
    return written;
  }

  /** Corrects a comment in an old file, or takes such a correction back. */
  edit(project: DatabaseProject, applied: readonly string[]): void {
    if (applied.length === 0 || this.#roll(3) === 0) return;
    const [known] = this.edited;
    const isBack = known !== undefined && this.#roll(4) === 0;
    const id = isBack ? known : (applied[this.#roll(applied.length)] as string);
    const file = `migrations/${id}/up.sql`;
    const text = project.read(file).replaceAll('-- corrected\n', '');
    project.write(file, isBack ? text : `-- corrected\n${text}`);
    if (isBack) this.edited.delete(id);
    else this.edited.add(id);
  }

  get headCount(): number {
    return this.#heads.size;
  }

  #freeTimestamp(release: number): number {
    let timestamp = release * 1000 + this.#roll(900);
    while (this.#taken.has(timestamp)) timestamp += 1;
    this.#taken.add(timestamp);
    return timestamp;
  }

  #next(timestamp: number): MigrationSource & { name: string; parents: number[] } {
    const kind = this.#roll(6);
    if (this.#heads.size > 3 && kind < 2) {
      return { name: 'merge', up: '-- joins branches', parents: [...this.#heads] };
    }
    const table = this.#tables[this.#roll(this.#tables.length || 1)];
    if (!table || kind < 3) return this.#newTable(timestamp, table);
    const parents = [table.timestamp];
    const name = `on_${table.name}_${timestamp}`;
    if (kind === 3) {
      const up = `CREATE INDEX i${timestamp} ON ${table.name} (id);`;
      return { name, up, down: `DROP INDEX i${timestamp};`, parents };
    }
    if (kind === 4) {
      const up = `CREATE VIEW v${timestamp} AS SELECT id FROM ${table.name};`;
      return { name, up, down: `DROP VIEW v${timestamp};`, parents };
    }
    const up = `ALTER TABLE ${table.name} ADD c${timestamp} int CHECK (c${timestamp} > 0);`;
    return { name, up, down: `ALTER TABLE ${table.name} DROP c${timestamp};`, parents };
  }

  #newTable(
    timestamp: number,
    other: Table | undefined,
  ): MigrationSource & { name: string; parents: number[] } {
    const name = `t${timestamp}`;
    this.#tables.push({ name, timestamp });
    const reference = other ? `, other int REFERENCES ${other.name}` : '';
    return {
      name,
      up: `CREATE TABLE ${name} (id int PRIMARY KEY${reference});`,
      down: `DROP TABLE ${name};`,
      parents: other ? [other.timestamp] : [],
    };
  }
}

async function findings(project: DatabaseProject): Promise<string[]> {
  const document = documentOf(await project.kat('validate --git-base none --json')) as unknown as {
    findings: { code: string; migration?: string }[];
  };
  return document.findings.map(({ code, migration }) => `${code} ${migration ?? ''}`.trim()).sort();
}

const timestampOf = (id: string) => Number.parseInt(id, 10);

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('every release goes up, validate names what was edited, and the end is that of a fresh install', {
    timeout: 180_000,
  }, async () => {
    const project = await projectOn(major);
    const team = new Team(major);
    let [late, mostHeads] = [0, 0];
    for (let release = 1; release <= 20; release += 1) {
      const applied = [...team.ids];
      const newest = Math.max(0, ...applied.map(timestampOf));
      const written = team.write(project, release);
      team.edit(project, applied);
      const older = written.filter((id) => timestampOf(id) < newest);
      const heads = team.headCount > 1 ? ['several-heads'] : [];
      const changes = [...heads, ...[...team.edited].map((id) => `edited ${id}`)];
      expect(await findings(project), `before release ${release}`).toEqual(
        [...changes, ...older.map((id) => `late ${id}`)].sort(),
      );
      expect(await project.kat('up'), `release ${release}`).toMatchObject({ code: 0 });
      expect(await findings(project), `after release ${release}`).toEqual(changes.sort());
      late += older.length;
      mostHeads = Math.max(mostHeads, team.headCount);
    }
    // The walk would prove nothing if it were a straight one.
    expect(late).toBeGreaterThan(5);
    expect(mostHeads).toBeGreaterThan(3);
    expect(team.edited.size).toBeGreaterThan(2);
    expect(team.ids.some((id) => id.endsWith('_merge'))).toBe(true);
    expect((await project.applied()).sort()).toEqual([...team.ids].sort());
    expect(await schemaOf(project.database)).toEqual(await freshSchema(project));
  });

  async function freshSchema(project: DatabaseProject): Promise<unknown> {
    const database = await freshDatabase(major);
    const kat = createKat({ migrations: `${project.folder}/migrations`, database: database.url });
    try {
      await kat.up();
      return await schemaOf(database);
    } finally {
      await kat.close();
      await database.drop();
    }
  }
});
