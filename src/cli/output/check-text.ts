/** The screen of `check`: further reasons of pairs, and totals. */

import { countsText } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { CheckResult, UnorderedConflict } from '../../index.js';
import { shortPath } from './excerpt.js';
import type { Style } from './style.js';

/** Further reasons between two migrations, after the reason in the finding. */
export function formatFurtherReasons(pairs: readonly UnorderedConflict[], cwd: string, style: Style): string {
  return pairs
    .filter(({ reasons }) => reasons.length > 1)
    .map(({ ids: [first, second], reasons }) => {
      const lines = reasons.slice(1).map(({ code, severity, deeds: [before, after] }) => {
        const { file, line, column } = after.location;
        const place = `${shortPath(file, cwd)}:${line}:${column}`;
        return `  ${place}: ${severity}[${code}]: ${after.message}, and ${first} ${before.message} in line ${before.location.line}`;
      });
      return `${style.bold(`${second}, also unordered relative to ${first}:`)}\n${lines.join('\n')}\n`;
    })
    .join('');
}

/** The last line, such as `12 migrations, 5 unordered pairs: 1 error; 1 new parent would fix the order`. */
export function checkSummary(result: CheckResult, style: Style): string {
  const { counts, findings, migrations, unordered, edges, accepted, isValid, base } = result;
  const found = findings.length === 0 ? 'no conflicts found' : countsText(counts);
  const settled = edges.length === 0 ? '' : `; ${counted(edges.length, 'new parent')} would fix the order`;
  const remedy =
    settled !== '' && counts.errors > 0
      ? ' (`kat deps --fix` adds the parents for errors, not for warnings)'
      : '';
  const scope = [
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(base ? [`against ${base.revision}, left at ${base.commit.slice(0, 7)}`] : []),
  ];
  const where = scope.length > 0 ? ` (${scope.join('; ')})` : '';
  const text = `${counted(migrations, 'migration')}, ${counted(unordered, 'unordered pair')}: ${found}`;
  return `${(isValid ? style.green : style.red)(text)}${settled}${remedy}${where}\n`;
}
