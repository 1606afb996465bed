/** What PostgreSQL refuses inside of a transaction can only run in a migration without one. */

import type { Node } from '@pgsql/types';
import { findRefusal } from '../../transactions/transaction-rules.js';
import type { Found, Rule } from '../rule.js';

export const needsNoTransaction: Rule = {
  id: 'needs-no-transaction',
  severity: 'error',
  summary: 'a statement that PostgreSQL refuses inside of a transaction',
  checkStatement: ({ node, migration, start }) =>
    migration.isTransactional ? describe(node, { at: start, direction: 'up' }) : [],
  checkMigration: ({ migration, down }) => {
    if (!migration.isTransactional || !down?.statements) return [];
    return down.statements.flatMap(({ node, start }) => describe(node, { at: start, direction: 'down' }));
  },
};

function describe(node: Node, place: Required<Pick<Found, 'at' | 'direction'>>): Found[] {
  const refusal = findRefusal(node);
  if (!refusal) return [];
  return [
    {
      ...place,
      message: `${refusal.command} cannot run inside of a transaction, because ${refusal.because}`,
      help: helpFor[place.direction],
    },
  ];
}

const helpFor = {
  up: 'Put it into a migration of its own, and `no_transaction: true` into the metadata.yaml of that.',
  down: 'Set `no_transaction: true` in metadata.yaml, which is for both files; or write what a transaction takes.',
};
