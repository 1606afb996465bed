/** Runs all rules on one migration, statement by statement and then as a whole. */

import type { Catalogue } from '../dependencies/catalogue.js';
import { noImpact } from '../impact/impact.js';
import { isOpaque } from '../round-trip/certain.js';
import { compareWays, noDifference, type RoundTrip } from '../round-trip/round-trip.js';
import { endMigration } from '../schema/follow-statement.js';
import { findRelation, keyOfName, type Routine } from '../schema/schema.js';
import { indexBytes } from '../syntax/text-places.js';
import { type Checked, checkStatement } from './check-statement.js';
import { commandStartsOf } from './command-starts.js';
import { startEmptied } from './emptied-tables.js';
import type { LintFinding, RuleFound, RuleSetting } from './finding.js';
import { fixOf } from './fix-of.js';
import { readFile } from './linted-file.js';
import { readMadeColumns } from './made-columns.js';
import { readMadeNames } from './made-names.js';
import type { HistoryReading, Reading } from './reading.js';
import { report, reportSyntax, reportUnknownCodes } from './report.js';
import type { LintedFile, LintedMigration, LintedStatement, LintedWhole, Rule } from './rule.js';

/** Carries the migration into the schema and the history on its way. */
export function lintMigration(known: HistoryReading, migration: LintedMigration): LintFinding[] {
  const reading = { ...known, emptied: startEmptied(migration), called: new Set<Routine>() };
  const { parser, setting, history } = reading;
  const up = readFile(parser, migration.up, migration.statements);
  const down = migration.down === undefined ? undefined : readFile(parser, migration.down);
  const statements = describeStatements(reading, migration, up);
  const checked = statements.map((statement) => checkStatement(reading, statement));
  endMigration(reading.schema);
  const transactions = divide(migration, checked);
  const whole = describeWhole(reading, { migration, statements, transactions, up, down });
  const found = [
    ...checked.flatMap((one) => one.found),
    ...setting.rules.flatMap((rule) => checkWhole(setting, rule, whole)),
  ];
  history.add(up.effects);
  const directions = (['up', 'down'] as const).filter((direction) => whole[direction]);
  return directions.flatMap((direction) => [
    ...reportSyntax(parser, whole, direction),
    ...reportUnknownCodes(setting, whole, direction),
    ...report(setting, { whole, found, direction }),
  ]);
}

/** The statements of each transaction. */
function divide({ isTransactional }: LintedMigration, checked: readonly Checked[]): LintedStatement[][] {
  if (isTransactional) return [checked.flatMap(({ ran }) => ran)];
  return checked.flatMap(({ ran, isApart }) => (isApart ? ran.map((one) => [one]) : [ran]));
}

function describeWhole(
  { setting, history }: Reading,
  files: Pick<LintedWhole, 'migration' | 'statements' | 'transactions' | 'up' | 'down'>,
): LintedWhole {
  let trip: RoundTrip | undefined;
  const before = () => history.catalogue();
  const roundTrip = () => (trip ??= findRoundTrip(files, before));
  const ran = files.transactions.flat();
  return { ...files, ran, oldestServer: setting.oldestServer, before, roundTrip };
}

/** Dynamic SQL may do anything, including a full revert. */
function findRoundTrip({ up, down }: Pick<LintedWhole, 'up' | 'down'>, before: () => Catalogue): RoundTrip {
  if (!up.statements?.length || !down?.statements?.length) return noDifference;
  const [there, back] = [up.effects(), down.effects()];
  return isOpaque(there) || isOpaque(back) ? noDifference : compareWays(before(), there, back);
}

function checkWhole(setting: RuleSetting, rule: Rule, whole: LintedWhole): RuleFound[] {
  return (rule.checkMigration?.(whole) ?? []).map((one) => {
    const statement =
      one.direction === 'down'
        ? undefined
        : whole.statements.find(({ start, end }) => start <= one.at && one.at <= end);
    return { rule, found: one, ...(statement ? fixOf(setting, rule, { statement, at: one.at }) : {}) };
  });
}

/** Statements whose impact is still to be predicted, when those before them have been followed. */
function describeStatements(
  reading: Reading,
  migration: LintedMigration,
  { text, statements = [] }: LintedFile,
): LintedStatement[] {
  const indexOfByte = indexBytes(text);
  const nodes = statements.map(({ node }) => node);
  const [made, madeColumns] = [readMadeNames(nodes), readMadeColumns(nodes)];
  return statements.map(({ node, start, end, text: own }, index) => ({
    node,
    start,
    end,
    text: own,
    index,
    isInBlock: false,
    schema: reading.schema,
    madeIndex: undefined,
    droppedIndexes: [],
    impact: noImpact,
    liveImpact: noImpact,
    migration,
    oldestServer: reading.setting.oldestServer,
    indexOf: (location) => (location === undefined ? start : indexOfByte(location)),
    commandStarts: commandStartsOf(own),
    ...describeNewness(reading, migration, own),
    isMadeLater: (name) => made.has(name, index),
    isColumnMadeLater: (table, column) => madeColumns.has({ table, column }, index),
  }));
}

type Newness = Pick<LintedStatement, 'isNew' | 'isNewType' | 'isNewColumn' | 'isEmptied'>;

function describeNewness({ schema, emptied }: Reading, migration: LintedMigration, text: string): Newness {
  const isUnchanged = migration.unchanged?.has(text) === true;
  const isMadeNow = (known: { creator: string; isInBase?: boolean } | undefined) =>
    known !== undefined && migration.isNewWith(known.creator) && (isUnchanged || known.isInBase !== true);
  return {
    isNew: (name) => name.schema === 'pg_temp' || isMadeNow(findRelation(schema, name)),
    isNewType: (name) => isMadeNow(schema.types.get(keyOfName(name))),
    isNewColumn: (table, column) => {
      const owner = findRelation(schema, table);
      const known = owner?.columns.get(column);
      if (!known || (owner?.isInBase && known.creator === owner.creator)) return false;
      return migration.isNewWith(known.creator);
    },
    isEmptied: (name, by = 'delete') => emptied.has(name, by),
  };
}
