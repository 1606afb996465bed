/** Compares two snapshots and writes the SQL between them, in both directions. */

import { countFindings, type Finding } from '../../findings.js';
import { changeSchema } from '../../sql/ddl/change-schema.js';
import { changeSqliteSchema } from '../../sql/ddl/sqlite/change-sqlite-schema.js';
import { compareSnapshots } from '../../sql/snapshot/compare.js';
import type { SchemaDifference } from '../../sql/snapshot/difference.js';
import {
  isNote,
  qualifiedName,
  type SchemaSnapshot,
  type SnapshotObject,
  snapshotKey,
} from '../../sql/snapshot/snapshot.js';
import { noteSubject, relationInSubject } from '../../sql/snapshot/written-names.js';
import type { CompareSchemaOptions, SchemaChangeFound, SchemaComparison, SettlingSql } from './result.js';

/** The comparison, with all SQL that makes the first schema like the second, and the reverse. */
export interface ComparedSchemas extends SchemaComparison {
  takeOver: readonly string[];
  putBack: readonly string[];
}

/** @throws KatError USAGE where the schemas are of different majors. */
export function compareSchemas(
  before: SchemaSnapshot,
  after: SchemaSnapshot,
  { ignore = [], strictColumnOrder = false }: CompareSchemaOptions,
): ComparedSchemas {
  const compare = (one: SchemaSnapshot, other: SchemaSnapshot) =>
    compareSnapshots(one, other, { strictColumnOrder }).filter(
      (difference) => !isIgnored(difference, ignore),
    );
  const all = compareSnapshots(before, after, { strictColumnOrder });
  const change = before.isSqlite ? changeSqliteSchema : changeSchema;
  const forth = change(compare(before, after), { before, after });
  const back = change(compare(after, before), { before: after, after: before });
  const backByKey = new Map(back.differences.map((one) => [keyOfDifference(one.difference), one]));
  const differences = forth.differences.map(({ difference, ...takeOver }): SchemaChangeFound => {
    const putBack = backByKey.get(keyOfDifference(difference));
    return describe(difference, takeOver, putBack ?? { statements: [], losesData: false });
  });
  const findings = differences.map(findingOf);
  return {
    isValid: differences.length === 0,
    findings,
    counts: countFindings(findings),
    differences,
    ignored: all.filter((one) => one.within === undefined && isIgnored(one, ignore)).length,
    takeOver: forth.statements,
    putBack: back.statements,
  };
}

function objectOf({ before, after }: SchemaDifference): SnapshotObject {
  return (before ?? after) as SnapshotObject;
}

function keyOfDifference(difference: SchemaDifference): string {
  return snapshotKey(objectOf(difference));
}

function describe(
  { change, kind, object, sentence, before, after }: SchemaDifference,
  takeOver: SettlingSql,
  putBack: SettlingSql,
): SchemaChangeFound {
  return {
    ...{ change, kind, object, sentence },
    ...(before ? { before: before.definition } : {}),
    ...(after ? { after: after.definition } : {}),
    putBack: settling(putBack),
    takeOver: settling(takeOver),
  };
}

function settling({ statements, losesData }: SettlingSql): SettlingSql {
  return { statements, losesData };
}

function findingOf({ change, sentence, putBack, takeOver }: SchemaChangeFound): Finding {
  const help = [settlingText('Put back', putBack), settlingText('Take over', takeOver)]
    .filter(Boolean)
    .join(' ');
  return { code: `drift-${change}`, severity: 'error', message: sentence, ...(help === '' ? {} : { help }) };
}

function settlingText(title: string, { statements, losesData }: SettlingSql): string {
  if (statements.length === 0) return '';
  return `${title}${losesData ? ' (can lose rows or values)' : ''}: ${statements.join('; ')}.`;
}

/** Grants and comments are left out with what they are about. */
function isIgnored(difference: SchemaDifference, patterns: readonly string[]): boolean {
  const object = objectOf(difference);
  const name = isNote(object) ? noteSubject(object.of ?? '') : qualifiedName(object);
  const names = [name, (isNote(object) && relationInSubject(name)) || name];
  return patterns.some((pattern) => names.some((one) => matches(pattern, one.replaceAll('"', ''))));
}

/** `cron.*` means the schema, too. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 's').test(name) || pattern === `${name}.*`;
}
