// Collects what the docs say about each code: `kat explain` prints it offline.

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Pages whose tables explain findings in their rows, with the command that reports them. */
const findingPages = [
  ['docs/validate.md', 'kat validate'],
  ['docs/dependencies.md', 'kat deps'],
  ['docs/check.md', 'kat check'],
  ['docs/verify.md', 'kat verify'],
  ['docs/drift.md', 'kat drift'],
];

/**
 * @param {string} root the project's folder
 * @returns {Promise<{code: string, kind: string, summary: string, text: string, page: string}[]>} `text` is Markdown, and `page` a path in the project
 */
export async function readExplanations(root) {
  const read = (page) => readFile(join(root, page), 'utf8');
  const errors = await read('docs/errors.md');
  const findings = await Promise.all(
    findingPages.map(async ([page, command]) => explainFindings(await read(page), { page, command })),
  );
  const rules = (await readdir(join(root, 'docs/rules'))).filter((name) => name.endsWith('.md')).sort();
  return [
    ...explainExitCodes(errors),
    ...explainErrors(errors),
    ...findings.flat(),
    ...(await Promise.all(
      rules.map(async (name) => explainRule(`docs/rules/${name}`, await read(`docs/rules/${name}`))),
    )),
  ];
}

function explainExitCodes(text) {
  const page = 'docs/errors.md';
  const errors = [...text.matchAll(/^\| \[`([A-Z_]+)`\]\S+ +\| (\d+) +\|$/gm)];
  return [...text.matchAll(/^\| `(\d+)` +\| (.*?) +\|$/gm)].map(([, code, summary]) => {
    const names = errors.filter(([, , exitCode]) => exitCode === code).map(([, name]) => `\`${name}\``);
    const list = names.length > 0 ? `Errors with this exit code: ${names.join(', ')}.` : '';
    return { code, kind: 'exit code', summary, text: list, page };
  });
}

function explainErrors(text) {
  return text.split(/^(?=###? )/m).flatMap((section) => {
    const [, code, body] = /^### `([A-Z_]+)`\n\n([\s\S]*)$/.exec(section) ?? [];
    if (code === undefined) return [];
    const summary = body.split(/(?<=\.)\s/)[0].replaceAll('\n', ' ');
    return [{ code, kind: 'error', summary, text: body.trim(), page: 'docs/errors.md' }];
  });
}

/** Each row that begins with a code; the other cells stand behind the heads of their columns. */
function explainFindings(text, { page, command }) {
  const [, head = '', body = ''] = /^(\| code +\|.*)\n\|[ |-]+\n((?:\|.*\n)+)/m.exec(text) ?? [];
  const [, ...titles] = cells(head);
  return body
    .trim()
    .split('\n')
    .map((row) => {
      const [code, ...values] = cells(row);
      const facts = titles.map(
        (title, index) => `${title[0].toUpperCase()}${title.slice(1)}: ${values[index]}`,
      );
      const meaning = values[titles.findIndex((title) => title.includes('mean'))];
      return {
        code: code.replaceAll('`', ''),
        kind: `finding of \`${command}\``,
        summary: meaning,
        text: facts.join('\n\n'),
        page,
      };
    });
}

function cells(row) {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function explainRule(page, text) {
  const [, severity, summary] = /^\*\*(\w+)\*\* — (.*)$/m.exec(text);
  const body = text
    .replace(/^# .*\n+/, '')
    .replace(/^\*\*\w+\*\* — /m, '')
    .trim();
  return { code: basename(page, '.md'), kind: `lint rule, ${severity}`, summary, text: body, page };
}
