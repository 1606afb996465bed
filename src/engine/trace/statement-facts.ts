/** Writes what a traced statement does in words. */

import { maskSecrets } from '../../secrets.js';
import { nameText } from '../../sql/schema/schema.js';
import type { TracedStatement } from './result.js';

/** Its first words, on one line and without passwords. */
export function statementHead({ text }: TracedStatement): string {
  const line = maskSecrets(text).replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}

/** Observed effects; predicted locks where the trace could not observe them. Empty for a statement that locks no table. */
export function statementFacts({ predicted, observed }: TracedStatement): string[] {
  const named = new Set(predicted.locks.map(({ relation }) => nameText(relation)));
  const locks =
    observed.locks?.filter(({ relation, isTable }) => isTable || named.has(nameText(relation))) ??
    predicted.locks;
  const suffix = observed.locks ? '' : ' (predicted: it runs outside of a transaction)';
  return [
    ...locks.map(({ relation, mode }) => `${mode} on ${nameText(relation)}${suffix}`),
    ...observed.rewrites.map((relation) => `writes ${nameText(relation)} anew`),
    ...observed.scans.map((relation) => `reads all of ${nameText(relation)}`),
  ];
}
