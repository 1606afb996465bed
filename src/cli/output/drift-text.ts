/** The screen of `drift` and `diff`: each difference with the SQL that settles it. */

import { adviseToStamp } from '../../engine/drift/stamp-advice.js';
import { counted } from '../../graph/counted.js';
import { listIds } from '../../graph/list-ids.js';
import type { DriftResult, SchemaChangeFound, SchemaComparison, SettlingSql } from '../../index.js';
import { maskSecrets } from '../../secrets.js';
import type { Style } from './style.js';

/** How the differences are shown. */
export interface DifferenceScreen {
  style: Style;
  /** Shows the definitions, too. */
  isVerbose: boolean;
  /** The words before the SQL for either direction. */
  words: { putBack: string; takeOver: string };
}

/** One block for each difference. */
export function formatDifferences(
  differences: readonly SchemaChangeFound[],
  screen: DifferenceScreen,
): string {
  return differences.map((difference) => formatDifference(difference, screen)).join('');
}

function formatDifference(
  difference: SchemaChangeFound,
  { style, isVerbose, words }: DifferenceScreen,
): string {
  const { sentence, createdBy, putBack, takeOver, before, after } = difference;
  const lines = [
    style.bold(sentence),
    ...(createdBy === undefined ? [] : [`  ${adviseToStamp(createdBy)}`]),
    ...(isVerbose ? [...definition('before', before), ...definition('after', after)] : []),
    ...sqlLines(words.putBack, putBack),
    ...sqlLines(words.takeOver, takeOver),
  ];
  return `${lines.join('\n')}\n`;
}

function definition(title: string, properties: Readonly<Record<string, string>> | undefined): string[] {
  if (!properties) return [];
  const lines = Object.entries(properties).flatMap(([name, value]) => `${name}: ${value}`.split('\n'));
  return [`  ${title}:`, ...lines.map((line) => `    ${line}`.trimEnd())];
}

/** SQL that deletes rows is a comment, so that nobody runs it unread. */
function sqlLines(title: string, { statements, losesData }: SettlingSql): string[] {
  if (statements.length === 0) return [];
  const isHidden = statements.some((statement) => maskSecrets(statement) !== statement);
  const warning = `${losesData ? ' (can lose rows or values)' : ''}${isHidden ? ', with the password in place of ***' : ''}`;
  const lines = statements.flatMap((statement) => `${statement};`.split('\n'));
  return [`  ${title}${warning}:`, ...lines.map((line) => `    ${losesData ? '-- ' : ''}${line}`.trimEnd())];
}

/** The last lines of `drift`. */
export function driftSummary(result: DriftResult, style: Style): string {
  const { differences, applied, adopted, planned, ignored } = result;
  const text =
    differences.length === 0
      ? unchangedText(applied)
      : `${counted(differences.length, 'difference')} from the schema of ${counted(applied, 'applied migration')}`;
  const line = `${(result.isValid ? style.green : style.red)(text)}${ignoredText(ignored)}\n`;
  if (planned) return `${line}${plannedText(planned)}\n`;
  if (adopted) return `${line}wrote ${adopted.id} and recorded it as applied\n`;
  if (differences.some(({ createdBy }) => createdBy !== undefined)) return `${line}${recordFirst}\n`;
  return result.isAdoptable ? `${line}${adoptAdvice}\n` : line;
}

function plannedText({ name, parents }: NonNullable<DriftResult['planned']>): string {
  const place =
    parents.length === 0
      ? 'without parents'
      : `with the parent${parents.length === 1 ? '' : 's'} ${listIds(parents)}`;
  return `DRY RUN: Would write a migration \`${name}\` ${place}, and record it as applied`;
}

function unchangedText(applied: number): string {
  return applied === 0
    ? 'no migration is applied, and the database is empty'
    : `the database has the schema of its ${counted(applied, 'applied migration')}`;
}

const recordFirst =
  'First record the pending migrations that ran on this database: `kat drift --adopt` would write their changes again.';

const adoptAdvice = 'To keep all differences in a migration, run `kat drift --adopt NAME`.';

/** The last line of `diff`. */
export function diffSummary({ differences, isValid, ignored }: SchemaComparison, style: Style): string {
  const text = isValid ? 'the schemas are equal' : counted(differences.length, 'difference');
  return `${(isValid ? style.green : style.red)(text)}${ignoredText(ignored)}\n`;
}

function ignoredText(ignored: number): string {
  return ignored === 0 ? '' : ` (${ignored} ignored)`;
}
