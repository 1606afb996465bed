import { describe, expect, test } from 'vitest';
import { SqlError } from '../../../src/errors.js';
import { freshDatabase, majors } from '../../support/database.js';
import { linesOf, openStage } from './agree.js';
import { town, townStatements, village, villageStatements } from './town.js';

/** What is newer than the server: its grammar refuses it, or it knows no such function. */
const newer = new Set(['42601', '42883', '42703', '0A000', '42704']);

/** Constraints could not be NOT ENFORCED before 18. */
function fitting(sql: string, major: number): string {
  return major < 18 ? sql.replaceAll(' NOT ENFORCED', '') : sql;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['town', town, townStatements],
    ['village', village, villageStatements],
  ])('statements do there what is predicted: %s', async (_, beginning, statements) => {
    const database = await freshDatabase(major);
    const stage = await openStage(fitting(beginning, major), { driver: 'postgres', url: database.url });
    const refused: string[] = [];
    const wrong: unknown[] = [];
    for (const sql of linesOf(statements)) {
      try {
        const { differences } = await stage.play(sql);
        if (differences.length > 0) wrong.push({ sql, differences });
      } catch (error) {
        if (!(error instanceof SqlError) || !newer.has(error.report.sqlstate)) throw error;
        refused.push(sql);
      }
    }
    await stage.close();
    await database.drop();
    expect(wrong).toEqual([]);
    expect(refused.length).toBeLessThan(major < 18 ? 20 : 1);
  });
});
