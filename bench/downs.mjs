// Which share of mistakes in down.sql `kat verify` finds, beside what `kat lint` predicts: one statement is taken out of each file, by chance.
//
//   node bench/downs.mjs [--seed 1] [FOLDER of migrations]…
//
// Without a folder, a generated history is taken. The folders themselves are not changed.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { importSources } from '../scripts/import-sources.mjs';
import { openTable } from './support/figures.mjs';
import { seededRandom, writeProject } from './support/folder.mjs';
import { startBenchServer, urlOf } from './support/server.mjs';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const random = seededRandom(Number(values.seed));

const { createKat, loadParser, predictingRules, readEffects, tryParse } = await importSources(
  'src/index.ts',
  'src/engine/evidence/judge.ts',
  'src/sql/syntax/parse.ts',
  'src/sql/effects/read-effects.ts',
);
/** What is done with a table, and how that is undone. */
const steps = [
  (table) => [
    [
      `CREATE TABLE ${table} (id bigint PRIMARY KEY, title text, price numeric)`,
      `CREATE INDEX ${table}_title ON ${table} (title)`,
    ],
    [`DROP INDEX ${table}_title`, `DROP TABLE ${table}`],
  ],
  (table) => [
    [
      `ALTER TABLE ${table} ADD COLUMN note text`,
      `CREATE VIEW ${table}_notes AS SELECT id, note FROM ${table}`,
      `CREATE UNIQUE INDEX ${table}_note ON ${table} (note)`,
    ],
    [`DROP VIEW ${table}_notes`, `DROP INDEX ${table}_note`, `ALTER TABLE ${table} DROP COLUMN note`],
  ],
  (table) => [
    [
      `ALTER TABLE ${table} ALTER title SET NOT NULL`,
      `ALTER TABLE ${table} ALTER price SET DEFAULT 0`,
      `COMMENT ON COLUMN ${table}.price IS 'in euros'`,
    ],
    [
      `ALTER TABLE ${table} ALTER title DROP NOT NULL`,
      `ALTER TABLE ${table} ALTER price DROP DEFAULT`,
      `COMMENT ON COLUMN ${table}.price IS NULL`,
    ],
  ],
  (table) => [
    [
      `CREATE TYPE ${table}_state AS ENUM ('open', 'done')`,
      `CREATE FUNCTION ${table}_count() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM ${table})`,
      `GRANT SELECT ON ${table} TO pg_monitor`,
      `ALTER TABLE ${table} RENAME COLUMN title TO headline`,
    ],
    [
      `ALTER TABLE ${table} RENAME COLUMN headline TO title`,
      `REVOKE SELECT ON ${table} FROM pg_monitor`,
      `DROP FUNCTION ${table}_count`,
      `DROP TYPE ${table}_state`,
    ],
  ],
];

const parser = await loadParser();
const generated = positionals.length > 0 ? undefined : writeProject(makeExactHistory(40));
const folders = generated ? [join(generated.folder, 'migrations')] : positionals.map((path) => resolve(path));
const server = await startBenchServer();
const row = openTable([
  'history                ',
  'changed',
  'seen',
  'right object',
  'lint',
  'without effect',
]);
try {
  for (const folder of folders) await measure(folder);
} finally {
  await server.close();
  generated?.remove();
}

/** Only those files are changed that give the schema back, so whatever is found afterwards comes of the change. */
async function measure(folder) {
  const copy = mkdtempSync(join(tmpdir(), 'kat-bench-downs-'));
  cpSync(folder, copy, { recursive: true });
  const before = await look(copy);
  const removed = new Map();
  for (const id of before.sound) {
    const statement = removeOne(join(copy, id, 'down.sql'));
    if (statement) removed.set(id, statement);
  }
  const after = await look(copy);
  rmSync(copy, { recursive: true, force: true });
  const changed = [...removed].map(([id, statement]) => ({ id, statement, findings: after.findingsOf(id) }));
  const seen = changed.filter(({ findings }) => findings.length > 0);
  const right = seen.filter(({ statement, findings }) => namesOne(findings, statement));
  const predicted = seen.filter(({ id }) => after.isPredicted(id) && !before.isPredicted(id));
  const harmless = changed.filter(({ findings }) => findings.length === 0);
  row([
    (generated ? 'generated' : basename(dirname(folder))).padEnd(23),
    ...[changed, seen, right, predicted, harmless].map(({ length }) => String(length)),
  ]);
  for (const { id, statement } of harmless) console.log(`  not seen: ${id}: ${inOneLine(statement)}`);
  for (const { id, statement, findings } of seen.filter((one) => !right.includes(one)))
    console.log(`  ${id}: ${inOneLine(statement)}: ${findings[0].message}`);
}

/** Verifies and lints a folder. */
async function look(migrations) {
  const url = urlOf(server.address, 'postgres');
  const kat = createKat({ database: url, migrations });
  const result = await kat.verify({ all: true, on: url, cache: false });
  const { findings: linted } = await kat.lint();
  await kat.close();
  const findingsOf = (id) =>
    result.findings.filter(({ migration, code }) => migration === id && !isAboutRows(code));
  return {
    findingsOf,
    isPredicted: (id) =>
      linted.some(({ migration, code }) => migration === id && predictingRules.includes(code)),
    sound: result.migrations.filter((id) => findingsOf(id).length === 0),
  };
}

/** What the sample rows show says nothing about the schema. */
function isAboutRows(code) {
  return /rows|fixtures/.test(code);
}

/** @returns the statement that the file lacks now; undefined where it had none. */
function removeOne(path) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const statements = tryParse(parser, text) ?? [];
  const chosen = statements[Math.floor(random() * statements.length)];
  if (!chosen) return undefined;
  // An empty file would be a finding of its own.
  writeFileSync(path, `${text.slice(0, chosen.start)}SELECT 1${text.slice(chosen.end)}`);
  return chosen.text;
}

/** Whether a finding names an object that the statement is about, also where it passes the name to a function. */
function namesOne(findings, statement) {
  const { effects } = readEffects(parser, statement);
  const read = effects.flatMap(({ object, to }) => [object.name, object.parent, to?.name].filter(Boolean));
  const names = [...read, ...[...statement.matchAll(/'(\w+)'/g)].map(([, name]) => name)];
  return findings.some(({ message }) => names.some((name) => message.includes(name)));
}

function inOneLine(statement) {
  return statement.replace(/\s+/g, ' ').slice(0, 120);
}

/** @returns migrations whose down.sql files give back exactly what there was, in several statements each. */
function makeExactHistory(count) {
  return Array.from({ length: count }, (_, index) => {
    const timestamp = 1_600_000_000 + index;
    const table = `things_${Math.floor(index / steps.length)}`;
    const [ups, downs] = steps[index % steps.length](table);
    const parents = index === 0 ? [] : [timestamp - 1];
    const [up, down] = [ups, downs].map((statements) => `${statements.join(';\n')};\n`);
    return { id: `${timestamp}_step_${index}`, timestamp, parents, up, down };
  });
}
