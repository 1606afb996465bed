/** Formats the last line of `validate`: the checked parts and the result. */

import type { Validation } from '../../engine/validate/validate.js';
import { countsText } from '../../findings.js';
import { counted } from '../../graph/counted.js';
import type { Style } from './style.js';

/** Such as `12 migrations, 1 error (without a database; compared with origin/main)`. */
export function validationSummary(result: Validation, style: Style): string {
  const { counts, findings, migrations, isOffline, isValid, base } = result;
  const found = findings.length === 0 ? 'no problems found' : countsText(counts);
  const scope = [
    ...(isOffline ? ['without a database'] : []),
    ...(base ? [`compared with ${base.revision} at ${base.commit.slice(0, 7)}`] : []),
  ];
  const colour = isValid ? style.green : style.red;
  const where = scope.length > 0 ? ` (${scope.join('; ')})` : '';
  return `${colour(`${counted(migrations, 'migration')}: ${found}`)}${where}\n`;
}
