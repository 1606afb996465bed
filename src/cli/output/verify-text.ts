/** The screen of `kat verify`: migrations that were not tried, and totals. */

import { basename } from 'node:path';
import { countsText } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { VerifyResult } from '../../index.js';
import { outsideText } from '../../outside-text.js';
import type { Style } from './style.js';

/** A line for each migration that could not be tried, and for each wrong prediction of `kat lint`. */
export function formatTrials(
  { untried, predictions, order, evidenceFile }: VerifyResult,
  style: Style,
): string {
  const refuted = predictions.filter(({ verdict }) => verdict === 'refuted');
  return [
    ...untried.map(({ id, reason }) => `${style.yellow('not tried')}: ${id}: ${outsideText(reason)}\n`),
    ...refuted.map(
      ({ code, migration, message }) =>
        `${style.cyan('refuted')}: ${migration}: kat ${order ? 'check' : 'lint'} reports ${code}, but the execution shows no difference: ${outsideText(message)}\n`,
    ),
    ...(evidenceFile === undefined ? [] : [`wrote ${basename(evidenceFile)}\n`]),
  ].join('');
}

/** What executed the migrations. */
type Engine = 'PostgreSQL' | 'SQLite';

/** The last line, such as `12 migrations verified on PostgreSQL 18.4: 1 error; 1 prediction of kat lint confirmed`. */
export function verifySummary(
  result: VerifyResult,
  { style, engine }: { style: Style; engine: Engine },
): string {
  const { migrations, findings, counts, untried, accepted, predictions, isValid, server, recalled } = result;
  const found = findings.length === 0 ? 'no differences found' : countsText(counts);
  const confirmed = predictions.filter(({ verdict }) => verdict === 'confirmed').length;
  const { order } = result;
  const remarks = [
    ...(order ? [orderText(order)] : []),
    ...(recalled > 0 ? [`${recalled} reused from an earlier run`] : []),
    ...(untried.length > 0 ? [`${untried.length} not tried`] : []),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(confirmed > 0
      ? [`${counted(confirmed, 'prediction')} of kat ${order ? 'check' : 'lint'} confirmed`]
      : []),
  ];
  const text = `${counted(migrations.length, 'migration')} verified on ${engine} ${server}: ${found}`;
  const paint = isValid ? style.green : style.red;
  return `${paint(text)}${remarks.map((remark) => `; ${remark}`).join('')}\n`;
}

function orderText({ orders, pairs, covered, runs, seed }: NonNullable<VerifyResult['order']>): string {
  return `${counted(orders, 'order')} tried, ${covered} of ${counted(pairs, 'unordered pair')} in both directions, ${counted(runs, 'run')}, seed ${seed}`;
}
