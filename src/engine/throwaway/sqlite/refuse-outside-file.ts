/** Finds SQL that would reach other files than the throwaway database. */

import { splitSqliteStatements } from '../../../connections/sqlite/split-statements.js';
import { KatError } from '../../../errors.js';

/** @returns such as `attaches 'archive.db'`; undefined where the text reaches no other file. */
function describeOutsideFile(text: string): string | undefined {
  for (const { head } of splitSqliteStatements(text)) {
    const [first] = head.map(({ value }) => value);
    if (first === 'ATTACH') {
      const file = head[head[1]?.value === 'DATABASE' ? 2 : 1]?.text ?? '';
      if (!/^'(?::memory:)?'$/.test(file)) return `attaches ${file}`;
    }
    const target = first === 'VACUUM' ? head[head.findIndex(({ value }) => value === 'INTO') + 1] : undefined;
    if (target && target !== head[0]) return `writes ${target.text}`;
  }
  return undefined;
}

/** @param name of the text. @throws KatError USAGE where it reaches another file, which must stay as it is. */
export function refuseOutsideFile(name: string, text: string): void {
  const found = describeOutsideFile(text);
  if (found === undefined) return;
  throw new KatError('USAGE', `${name} ${found}, which is another file than the throwaway database`, {
    help: 'Nothing was executed: Kat executes only what stays in one file.',
  });
}
