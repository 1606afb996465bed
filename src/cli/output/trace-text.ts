/** The screen of a trace: what each statement was predicted to lock, write anew and read, and what it did. */

import type { Difference, MigrationTrace, Trace, TracedStatement } from '../../engine/trace/result.js';
import { statementFacts, statementHead } from '../../engine/trace/statement-facts.js';
import { counted } from '../../graph/counted.js';
import { nameText } from '../../sql/schema/schema.js';
import type { Style } from './style.js';

/** One block for each migration; disagreements are marked. */
export function formatTrace(trace: Trace, style: Style): string {
  const { server, migrations, missing } = trace;
  const lines = [
    ...migrations.flatMap((migration) => [...migrationLines(migration, style), '']),
    ...missing.map(({ id, reason }) => `${style.yellow('•')} ${id}: not executed: ${reason}`),
    ...(missing.length > 0 ? [''] : []),
    summaryOf(migrations, server),
  ];
  return `${lines.join('\n')}\n`;
}

function migrationLines({ id, statements, untraced }: MigrationTrace, style: Style): string[] {
  const at = untraced?.line === undefined ? '' : ` from line ${untraced.line} on`;
  return [
    style.bold(id),
    ...statements.flatMap((statement) => statementLines(statement, style)),
    ...(untraced ? [`  ${style.yellow('•')} not traced${at}: ${untraced.reason}`] : []),
  ];
}

function statementLines(statement: TracedStatement, style: Style): string[] {
  const facts = statementFacts(statement);
  return [
    `  ${statement.line}: ${statementHead(statement)}`,
    ...(facts.length > 0 ? facts : ['locks no table']).map((fact) => `     ${fact}`),
    ...statement.differences.map((difference) => `   ${style.red('≠')} ${differenceText(difference)}`),
  ];
}

function differenceText(difference: Difference): string {
  const table = nameText(difference.relation);
  if (difference.what === 'lock') {
    const { predicted = 'no lock', observed = 'no lock' } = difference;
    return `${table}: predicted ${predicted}, observed ${observed}`;
  }
  const verb = difference.what === 'rewrite' ? 'written anew' : 'read as a whole';
  return difference.isPredicted
    ? `${table}: predicted to be ${verb}, observed not to be`
    : `${table}: predicted to be not ${verb}, observed to be`;
}

function summaryOf(migrations: readonly MigrationTrace[], server: string): string {
  const statements = migrations.flatMap((migration) => migration.statements);
  const wrong = statements.filter(({ differences }) => differences.length > 0).length;
  const vague = statements.filter(({ predicted }) => !predicted.isWhole).length;
  const untraced = migrations.filter((migration) => migration.untraced).length;
  return [
    `${counted(statements.length, 'statement')} traced on an embedded PostgreSQL ${server}`,
    ...(wrong > 0 ? [`${wrong} not as predicted`] : []),
    ...(vague > 0 ? [`${vague} predicted only in part`] : []),
    ...(wrong === 0 && statements.length > vague ? [`${vague > 0 ? 'the others' : 'all'} as predicted`] : []),
    ...(untraced > 0
      ? [`${counted(untraced, 'migration')} not traced to ${untraced === 1 ? 'its' : 'their'} end`]
      : []),
  ].join(', ');
}
