// Makes the tables of the docs from the sources. Pages are written by hand; what stands between
// `<!-- generated: NAME -->` and `<!-- end -->` is put in, and every such place must have its page's content, and none may be missing.

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

/**
 * The pages with generated parts.
 * @param {string} root the project's folder
 * @param {(path: string) => Promise<any>} loadSource imports a TypeScript module of the project
 * @returns {{path: string, content: () => Promise<string>}[]}
 */
export function pageProducers(root, loadSource) {
  const page = (path, parts) => ({
    path,
    content: async () => {
      const text = await readFile(join(root, path), 'utf8');
      return formatFile(root, path, fillParts(path, text, await parts(loadSource)));
    },
  });
  return [
    page('docs/commands.md', commandParts),
    page('docs/configuration.md', settingParts),
    page('docs/errors.md', errorParts),
    page('docs/migrations.md', metadataParts),
    page('docs/lint.md', ruleParts),
    page('docs/validate.md', findingParts),
    page('docs/check.md', conflictParts),
    page('docs/verify.md', verifyParts),
    page('docs/drift.md', driftParts),
  ];
}

/**
 * @param {string} path for messages
 * @param {string} text the page as it is
 * @param {Map<string, string>} parts what belongs into each place
 */
function fillParts(path, text, parts) {
  const missing = new Set(parts.keys());
  const filled = text.replace(
    /(<!-- generated: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_whole, begin, name, end) => {
      const content = parts.get(name);
      if (content === undefined) throw new Error(`${path} has a place for "${name}", which does not exist`);
      missing.delete(name);
      return `${begin}\n${content.trim()}\n\n${end}`;
    },
  );
  if (missing.size > 0) {
    throw new Error(`${path} has no place for ${[...missing].map((name) => `"${name}"`).join(', ')}`);
  }
  return filled;
}

/** As `npm run format` would: it aligns tables. */
export function formatFile(root, path, text) {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'format', `--stdin-file-path=${path}`],
    { cwd: root, input: text, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${path} cannot be formatted: ${stderr}`);
  return stdout;
}

async function commandParts(loadSource) {
  const { loadCommands } = await loadSource('src/cli/commands.ts');
  const commands = await loadCommands();
  const { globalOptions } = await loadSource('src/cli/global-options.ts');
  return new Map([
    ['list of commands', commandList(commands)],
    ['flags of every command', optionTable(globalOptions)],
    ...commands.map((command) => [`kat ${command.name}`, describeCommand(command)]),
  ]);
}

function commandList(commands) {
  return table(
    ['command', 'what it does'],
    commands.map(({ name, summary }) => [`[\`kat ${name}\`](#kat-${name})`, summary]),
  );
}

function describeCommand({ name, summary, description, arguments: operands = [], options, examples }) {
  const usage = [
    'kat',
    name,
    ...operands.map((operand) => operand.name),
    options.length > 0 ? '[options]' : '',
  ]
    .filter(Boolean)
    .join(' ');
  const argumentLines = operands.flatMap((operand) => [`\`${operand.name}\`: ${operand.description}.`, '']);
  return [
    `${summary}.`,
    '',
    `Usage: \`${usage}\``,
    '',
    description,
    '',
    ...argumentLines,
    ...(options.length > 0 ? [optionTable(options), ''] : []),
    'Examples:',
    '',
    ...examples.map(({ command, explanation }) => `- \`${command}\`: ${explanation}`),
  ].join('\n');
}

/** Commander has no environment variable for a switch, so a switch's description names it. */
function optionTable(options) {
  const rows = options.map(({ flags, description, env, default: value, choices }) => {
    const [, text, described] = /^(.*?)(?: \[env: (\w+)\])?$/s.exec(description);
    const [, meaning, standard] = /^(.*?)(?: \(default: (.*)\))?$/s.exec(text);
    const list = choices ? `: ${choices.map(code).join(', ')}` : '';
    return [code(flags), meaning + list, code(env ?? described), code(value ?? standard)];
  });
  return table(['flag', 'meaning', 'environment', 'default'], rows);
}

async function settingParts(loadSource) {
  const { fieldList } = await loadSource('src/project/config/config-fields.ts');
  const rows = fieldList.map(({ path, label, description, env, default: value, example }) => [
    code(path),
    description,
    label,
    code(env),
    code(value),
    code(example),
  ]);
  return new Map([
    ['settings', table(['setting', 'meaning', 'values', 'environment', 'default', 'example'], rows)],
  ]);
}

async function metadataParts(loadSource) {
  const { metadataSchema } = await loadSource('src/project/metadata/metadata-schema.ts');
  const rows = Object.entries(metadataSchema.entries).map(([name, schema]) => [
    code(name),
    v.getDescription(schema.wrapped ?? schema) ?? '',
    schema.type === 'optional' ? '' : 'yes',
  ]);
  return new Map([['metadata.yaml', table(['field', 'meaning', 'required'], rows)]]);
}

async function findingParts(loadSource) {
  const { findingKinds } = await loadSource('src/engine/validate/codes.ts');
  const rows = Object.entries(findingKinds).map(([name, { severity, meaning, remedy }]) => [
    code(name),
    severity,
    meaning,
    remedy,
  ]);
  return new Map([['findings', table(['code', 'severity', 'what it means', 'what to do'], rows)]]);
}

async function ruleParts(loadSource) {
  const { rules } = await loadSource('src/sql/lint/rules.ts');
  const { fixableRules } = await loadSource('src/sql/lint/fix/fixable-rules.ts');
  const rows = rules.map(({ id, severity, summary }) => [
    `[${id}](rules/${id}.md)`,
    severity,
    fixableRules.includes(id) ? 'fix' : '',
    summary,
  ]);
  return new Map([['rules', table(['rule', 'severity', '`--fix`', 'what is found'], rows)]]);
}

async function conflictParts(loadSource) {
  const { checkKinds } = await loadSource('src/engine/check/codes.ts');
  const rows = Object.entries(checkKinds).map(([name, { meaning, consequence }]) => [
    code(name),
    meaning,
    consequence,
  ]);
  return new Map([['conflicts', table(['code', 'what it means', 'what the order decides'], rows)]]);
}

async function verifyParts(loadSource) {
  const { verifyKinds } = await loadSource('src/engine/verify-codes.ts');
  const rows = Object.entries(verifyKinds).map(([name, { meaning, solution }]) => [
    code(name),
    meaning,
    solution,
  ]);
  return new Map([['verify findings', table(['code', 'what it means', 'what to do'], rows)]]);
}

async function driftParts(loadSource) {
  const { driftKinds } = await loadSource('src/engine/drift/codes.ts');
  const rows = Object.entries(driftKinds).map(([name, { meaning, solution }]) => [
    code(name),
    meaning,
    solution,
  ]);
  return new Map([['findings of kat drift', table(['code', 'what it means', 'what to do'], rows)]]);
}

async function errorParts(loadSource) {
  const { exitCodes, exitCodeMeanings } = await loadSource('src/cli/exit-code.ts');
  const codes = Object.entries(exitCodes).map(([name, exitCode]) => [
    `[\`${name}\`](#${name.toLowerCase()})`,
    String(exitCode),
  ]);
  return new Map([
    [
      'exit codes',
      table(
        ['exit code', 'meaning'],
        exitCodeMeanings.map(([number, text]) => [code(number), text]),
      ),
    ],
    ['error codes', table(['error', 'exit code'], codes)],
  ]);
}

function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function code(value) {
  return value === undefined ? '' : `\`${value}\``;
}
