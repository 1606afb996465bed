/** The texts of a new migration's three files, which tell a newcomer what belongs in them. */

import { type Direction, type MigrationWaits, parseMigrationId } from '../../graph/migration.js';
import { formatYamlComment, formatYamlText, schemaComment } from '../yaml/write-yaml.js';

interface MetadataFacts {
  id: string;
  timestamp: string;
  /** As `name` says it; default the id. */
  name?: string;
  description?: string;
  /** Ids. */
  parents: readonly string[];
  noTransaction?: boolean;
  /** Ids. */
  replaces?: readonly string[];
  waits?: Partial<MigrationWaits>;
}

const upTitle = 'the SQL that `kat up` runs.';

/** Whether a text without statements is what `formatUpSql` wrote: somebody still has to write its SQL. */
export function isUnwritten(text: string): boolean {
  const [first = ''] = text.split(/\r?\n/, 1);
  return first.startsWith('-- ') && first.trimEnd().endsWith(`: ${upTitle}`);
}

export function formatUpSql(id: string): string {
  return [
    `-- ${id}: ${upTitle}`,
    '-- Kat runs this file in its own transaction: do not write BEGIN or COMMIT.',
    '-- For example: CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);',
    '',
    '',
  ].join('\n');
}

export function formatDownSql(id: string): string {
  return [
    `-- ${id}: the SQL that \`kat down\` runs. It undoes up.sql, last change first.`,
    '-- For example: DROP TABLE users;',
    '',
    '',
  ].join('\n');
}

/** A program that fails until somebody has written it: one that did nothing would count as applied. */
export function formatProgram(id: string, direction: Direction): string {
  const example =
    direction === 'up'
      ? 'await sql`UPDATE users SET email = lower(email) WHERE id = 1`;'
      : 'await sql`UPDATE users SET slug = NULL`;';
  return [
    "import type { MigrationContext } from 'kat-migrate';",
    '',
    `/** ${id}: what \`kat ${direction}\` runs, in a transaction. For example: ${example} */`,
    'export default async ({ sql, rows, log }: MigrationContext): Promise<void> => {',
    `  throw new Error('write the ${direction} program of this migration');`,
    '};',
    '',
  ].join('\n');
}

export function formatMetadata({
  id,
  timestamp,
  name = id,
  description,
  parents,
  noTransaction,
  replaces = [],
  waits = {},
}: MetadataFacts): string {
  return [
    schemaComment('metadata'),
    '',
    '# Name and timestamp agree with the name of the folder.',
    `name: ${formatYamlText(name)}`,
    `timestamp: ${timestamp}`,
    ...(description ? ['', `description: ${formatYamlText(description)}`] : []),
    '',
    '# Migrations that must be applied before this one, by timestamp, id or name.',
    ...formatParents(parents),
    '',
    ...formatReplaced(replaces),
    ...(noTransaction
      ? ['# Statements run one by one, outside a transaction.', 'no_transaction: true']
      : [
          '# For statements that cannot run in a transaction, such as CREATE INDEX CONCURRENTLY.',
          '# no_transaction: true',
        ]),
    ...formatWaits(waits),
    '',
  ].join('\n');
}

function formatWaits(waits: Partial<MigrationWaits>): string[] {
  const given = {
    lock_timeout: waits.lockTimeoutMs,
    statement_timeout: waits.statementTimeoutMs,
    retry_for: waits.retryForMs,
    max_block: waits.maxBlockMs,
  };
  return Object.entries(given).flatMap(([name, milliseconds]) =>
    milliseconds === undefined ? [] : [`${name}: ${milliseconds}ms`],
  );
}

function formatReplaced(replaces: readonly string[]): string[] {
  if (replaces.length === 0) return [];
  return [
    '# Former migrations that this migration replaces. Written by `kat squash`.',
    'replaces:',
    ...replaces.map((id) => `  - ${formatYamlText(id)}`),
    '',
  ];
}

function formatParents(parents: readonly string[]): string[] {
  if (parents.length === 0) return ['parents: []'];
  return ['parents:', ...parents.map((id) => `  - ${parentEntry(id)}`)];
}

/** One entry of `parents`, behind its dash: the timestamp, with the name as a comment. */
export function parentEntry(id: string): string {
  const parent = parseMigrationId(id);
  return parent ? `${parent.timestamp} # ${formatYamlComment(parent.name)}` : formatYamlText(id);
}
