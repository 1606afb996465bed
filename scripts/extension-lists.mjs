// Writes what extensions bring as a module for src/sql/postgres.

/**
 * @param {{ name: string, summary: string, entries: readonly Record<string, string>[] }} list each entry has the name of an
 *   extension, and its words by their kind
 * @returns {string} the text of the module
 */
export function listOf({ name, summary, entries }) {
  return `/** ${summary} */

import type { ExtensionContents } from './extension-contents.js';

/** In the order of their names. */
export const ${name}: readonly ExtensionContents[] = [
${entries.map(entryOf).join('\n')}
];
`;
}

function entryOf({ name, ...lists }) {
  const fields = Object.entries(lists).filter(([, words]) => words !== '');
  const lines = fields.map(([field, words]) => `    ${field}: \`\n${wrap(words)}\`,`);
  return ['  {', `    name: '${name}',`, ...lines, '  },'].join('\n');
}

function wrap(words) {
  const lines = [''];
  for (const word of words.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > 98) lines.push('');
    lines[lines.length - 1] += lines.at(-1) === '' ? `      ${word}` : ` ${word}`;
  }
  return lines.join('\n');
}
