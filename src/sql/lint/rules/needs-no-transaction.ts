/** Statements that PostgreSQL refuses in a transaction need a migration without one, and no block or function. */

import type { Node } from '@pgsql/types';
import { findRefusalIn } from '../../schema/refusals.js';
import type { Schema } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { findRefusal, type Refusal } from '../../transactions/refusals.js';
import type { Found, LintedFile, LintedWhole, Rule } from '../rule.js';

type Direction = 'up' | 'down';

export const needsNoTransaction: Rule = {
  id: 'needs-no-transaction',
  severity: 'error',
  summary: 'a statement that PostgreSQL refuses inside of a transaction',
  checkStatement: ({ node, schema, migration, start, isInBlock }) => {
    if (!isInBlock && !migration.isTransactional) return [];
    const refusal = findRefusalIn(schema, node);
    if (!refusal) return [];
    return [
      isInBlock ? describeInside(refusal, 'a DO block', { at: start }) : describe(refusal, 'up', start),
    ];
  },
  checkMigration: (whole) => [
    ...checkFunctions(whole.up, 'up'),
    ...(whole.down ? [...checkDown(whole, whole.down), ...checkFunctions(whole.down, 'down')] : []),
  ],
};

/** The down.sql finds what the up.sql has made. */
function checkDown({ migration, statements }: LintedWhole, down: LintedFile): Found[] {
  const schema = statements[0]?.schema;
  return (down.statements ?? []).flatMap(({ node, start }) => {
    const place = { at: start, direction: 'down' as const };
    const inside = nodeOf(node, 'DoStmt') ? findInside(down, node, schema) : undefined;
    if (inside) return [describeInside(inside, 'a DO block', place)];
    const refusal = migration.isTransactional ? refusalOf(node, schema) : undefined;
    return refusal ? [describe(refusal, 'down', start)] : [];
  });
}

function checkFunctions(file: LintedFile, direction: Direction): Found[] {
  return (file.statements ?? []).flatMap(({ node, start }) => {
    const routine = nodeOf(node, 'CreateFunctionStmt');
    const refusal = routine && findInside(file, node, undefined);
    if (!refusal) return [];
    const kind = routine.is_procedure ? 'a procedure' : 'a function';
    return [describeInside(refusal, kind, { at: start, direction })];
  });
}

function findInside(file: LintedFile, node: Node, schema: Schema | undefined): Refusal | undefined {
  return file
    .bodyOf(node)
    .map((inner) => refusalOf(inner.node, schema))
    .find((refusal) => refusal !== undefined);
}

function refusalOf(node: Node, schema: Schema | undefined): Refusal | undefined {
  return schema ? findRefusalIn(schema, node) : findRefusal(node);
}

function describe({ command, because }: Refusal, direction: Direction, at: number): Found {
  return {
    at,
    direction,
    message: `${command} cannot run inside of a transaction, because ${because}`,
    help: helpFor[direction],
  };
}

const helpFor = {
  up: 'Move it to a migration of its own with `no_transaction: true` in metadata.yaml.',
  down: 'Set `no_transaction: true` in metadata.yaml, which concerns both files. Or use a statement that a transaction allows.',
};

/** A body runs inside of the statement that calls it, whose transaction goes on behind it (PreventInTransactionBlock, xact.c). */
function describeInside(
  { command, because }: Refusal,
  body: string,
  place: Pick<Found, 'at' | 'direction'>,
): Found {
  return {
    ...place,
    message: `${command} cannot run inside of ${body}, with or without a transaction, because ${because}`,
    help: 'Write it as a statement of its own, in a migration with `no_transaction: true`.',
  };
}
