import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/concepts.md'), 'utf8');

/** What the page calls a type, and what the catalogue calls it. */
const catalogueNames: Readonly<Record<string, string>> = {
  serial: 'integer',
  varchar: 'character varying',
  timestamp: 'timestamp without time zone',
};

describe('the tables that docs/concepts.md describes', () => {
  test('are those that Kat makes', async () => {
    const project = await projectOn(majors().at(-1) as number, {
      migrations: { '1679012345_a': 'SELECT 1;' },
    });
    await project.migrate();
    const [ledger, log] = describedTables();
    expect(ledger).toEqual(await realColumns('migrations'));
    expect(log).toEqual(await realColumns('migrations_log'));

    async function realColumns(table: string): Promise<string[]> {
      const rows = await project.database.query(
        `SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute
         WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      );
      return rows.map(({ attname, type }) => `${attname} ${type}`);
    }
  });
});

/** `column type` of each row of the two tables; a row may describe several columns. */
function describedTables(): string[][] {
  const tables = page.split(/^\| column +\| type +\| content +\|\n.*\n/m).slice(1);
  return tables.map((table) =>
    table
      .slice(0, table.indexOf('\n\n'))
      .split('\n')
      .flatMap((row) => {
        const [names = [], types = []] = row.split('|').slice(1, 3).map(codeIn);
        return names.map((name, index) => {
          const type = types[index] ?? (types[0] as string);
          return `${name} ${catalogueNames[type] ?? type}`;
        });
      }),
  );
}

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
}
