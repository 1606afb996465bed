/** The screen of `check`: further reasons of pairs, and totals. */

import type { CheckResult, ConflictingPair } from '../../index.js';
import { shortPath } from './excerpt.js';
import { countsText } from './findings-text.js';
import type { Style } from './style.js';

/** What else is between two migrations, behind the reason that was told as a finding. */
export function formatFurtherReasons(pairs: readonly ConflictingPair[], cwd: string, style: Style): string {
  return pairs
    .filter(({ reasons }) => reasons.length > 1)
    .map(({ ids: [first, second], reasons }) => {
      const lines = reasons.slice(1).map(({ code, severity, deeds: [before, after] }) => {
        const { file, line, column } = after.location;
        const place = `${shortPath(file, cwd)}:${line}:${column}`;
        return `  ${place}: ${severity}[${code}]: ${after.message}, and ${first} ${before.message} in line ${before.location.line}`;
      });
      return `${style.bold(`${second}, also in no order with ${first}:`)}\n${lines.join('\n')}\n`;
    })
    .join('');
}

/** The last line, such as `12 migration(s), 5 pair(s) in no order: 1 error; 1 edge settles it`. */
export function checkSummary(result: CheckResult, style: Style): string {
  const { counts, findings, migrations, unordered, edges, accepted, isValid, base } = result;
  const found = findings.length === 0 ? 'nothing to complain about' : countsText(counts);
  const settled = edges.length === 0 ? '' : `; ${edges.length} edge(s) would settle it`;
  const scope = [
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(base ? [`against ${base.revision}, left at ${base.commit.slice(0, 7)}`] : []),
  ];
  const where = scope.length > 0 ? ` (${scope.join('; ')})` : '';
  const text = `${migrations} migration(s), ${unordered} pair(s) in no order: ${found}`;
  return `${(isValid ? style.green : style.red)(text)}${settled}${where}\n`;
}
