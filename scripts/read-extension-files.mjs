// Reads what extensions bring from the SQL files in their repositories, and writes it down as data for src/sql.
//
//   node scripts/read-extension-files.mjs FOLDER
//
// For extensions that the server of read-extensions.mjs cannot create. FOLDER has a clone of each repository that is named below,
// called as after the slash. What an older version brought stays in the list: migrations do not say which version is installed.

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { listOf } from './extension-lists.mjs';
import { importSources } from './import-sources.mjs';

const folder = resolve(process.argv[2] ?? '.');
const target = resolve(import.meta.dirname, '../src/sql/postgres/other-extensions.ts');
const builtin = await importSources('src/sql/postgres/builtin-names.ts');

/** Where the SQL files of each are. `requires` is from the control file, `own` what only the extension itself calls. */
const sources = [
  {
    name: 'citus',
    repository: 'citusdata/citus',
    files: /^src\/backend\/(distributed|columnar)\/sql\/(?!downgrades).*\.sql$/,
    own: /^(citus_internal|worker_|task_tracker_)|_invalidate$|^(options|stripe|chunk|chunk_group)$/,
  },
  {
    name: 'citus_columnar',
    repository: 'citusdata/citus',
    files: /^src\/backend\/columnar\/sql\/(?!downgrades).*\.sql$/,
    own: /^(options|stripe|chunk|chunk_group)$/,
  },
  { name: 'pg_cron', repository: 'citusdata/pg_cron', files: /^pg_cron.*\.sql$/ },
  {
    name: 'pg_partman',
    repository: 'pgpartman/pg_partman',
    files: /^sql\/(functions|procedures|tables|types|views)\/.*\.sql$/,
  },
  {
    name: 'postgis',
    repository: 'postgis/postgis',
    files: /^postgis\/(?!legacy|uninstall)[^/]*\.sql(\.in)?$/,
  },
  {
    name: 'postgis_raster',
    repository: 'postgis/postgis',
    files: /^raster\/rt_pg\/rtpostgis\.sql\.in$/,
    requires: 'postgis',
  },
  {
    name: 'postgis_sfcgal',
    repository: 'postgis/postgis',
    files: /^sfcgal\/sfcgal\.sql\.in$/,
    requires: 'postgis',
  },
  {
    name: 'postgis_topology',
    repository: 'postgis/postgis',
    files: /^topology\/(topology|sql\/.*)\.sql\.in$/,
    requires: 'postgis',
  },
  { name: 'timescaledb', repository: 'timescale/timescaledb', files: /^sql\/(?!updates).*\.sql$/ },
  { name: 'vector', repository: 'pgvector/pgvector', files: /^sql\/vector\.sql$/ },
];

/** They give a language of their own name: https://www.postgresql.org/docs/current/xplang-install.html and plv8's README. */
const languages = ['plperl', 'plperlu', 'plpython3u', 'pltcl', 'pltclu', 'plv8'];

/** Its SQL has left the repository of PostGIS; what it requires is from the last control file there. */
const tigerGeocoder = {
  name: 'postgis_tiger_geocoder',
  requires: 'postgis fuzzystrmatch',
  names: 'geocode normalize_address tiger',
};

const found = sources.map(readExtension);
const entries = [
  ...found.map(withoutInherited),
  tigerGeocoder,
  ...languages.map((name) => ({ name, names: name })),
];
await writeFile(
  target,
  listOf({
    name: 'otherExtensions',
    summary:
      'What other extensions bring. Made by scripts/read-extension-files.mjs from the SQL files in their repositories.',
    entries: entries.sort((one, other) => (one.name < other.name ? -1 : 1)),
  }),
);

function readExtension({ name, repository, files, requires = '', own = /^$/ }) {
  const text = readFiles(resolve(folder, basename(repository)), files)
    .map(bareText)
    .join('\n');
  const names = namesIn(text).filter((word) => !/(^|\.)_/.test(word) && !own.test(word));
  return { name, requires, names: inOrder(names.map(lastPart)), classes: inOrder(classesIn(text)) };
}

/** Who uses a name that two extensions bring, for types of their own, needs only the one that is there first. */
function withoutInherited({ names, ...entry }) {
  const inherited = new Set(found.find(({ name }) => name === entry.requires)?.names.split(' '));
  const own = names.split(' ').filter((word) => !inherited.has(word));
  return { name: entry.name, requires: entry.requires, names: inOrder(own), classes: entry.classes };
}

function readFiles(clone, files) {
  const git = (...words) =>
    execFileSync('git', ['-C', clone, ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const paths = git('ls-tree', '-r', '--name-only', 'HEAD').split('\n');
  return paths.filter((path) => files.test(path)).map((path) => git('show', `HEAD:${path}`));
}

/** Without comments, literals and bodies of functions, and with names as in a schema that is searched. */
function bareText(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--.*$/gm, ' ')
    .replace(/(\$\w*\$)[\s\S]*?\1|'[^']*'/g, ' ')
    .replace(/@extschema@\.|\b(?:public|pg_catalog|citus)\./gi, '');
}

/** Relations of a schema of the extension are left out: the schema itself stands for them. */
function namesIn(text) {
  const made = (kinds) =>
    wordsOf(text, String.raw`create\s+(?:or\s+replace\s+)?(?:${kinds})\s+(?:if\s+not\s+exists\s+)?([\w.]+)`);
  const relations = made('table|view').filter((word) => !word.includes('.'));
  const types = made('type|domain').filter((word) => !builtin.isBuiltinType(lastPart(word)));
  const classes = made(String.raw`operator\s+class`);
  const operators = wordsOf(text, String.raw`create\s+operator\s+(?:\w+\.)?([^\s\w("]+)\s*\(`);
  return [
    ...routinesIn(text),
    ...types,
    ...classes,
    ...made(String.raw`access\s+method|schema`),
    ...relations,
    ...operators.filter((word) => !builtin.isBuiltinOperator(word)),
  ];
}

/** Those that SQL can call: without arguments or results of the types that only code in C has. */
function routinesIn(text) {
  const pattern =
    /create\s+(?:or\s+replace\s+)?(?:(?:function|procedure)\s+([\w.]+)\s*(\([^;]*?)(?:\bas\b|\blanguage\b|;)|aggregate\s+([\w.]+))/gi;
  const callable = [...text.matchAll(pattern)].filter(
    ([, , head = '']) => !/\b(?:internal|cstring)\b/i.test(head),
  );
  const words = callable.map(([, routine, , aggregate]) => (routine ?? aggregate).toLowerCase());
  return words.filter((word) => !builtin.isBuiltinFunction(lastPart(word)));
}

/** Default classes for the types of PostgreSQL, as `gist:int4`. */
function classesIn(text) {
  const pattern = /create\s+operator\s+class\s+[\w.]+\s+default\s+for\s+type\s+(\w+)\s+using\s+(\w+)/gi;
  const found = [...text.matchAll(pattern)].map(([, type, method]) =>
    [type, method].map((word) => word.toLowerCase()),
  );
  return found.filter(([type]) => builtin.isBuiltinType(type)).map(([type, method]) => `${method}:${type}`);
}

function wordsOf(text, pattern) {
  return [...text.matchAll(new RegExp(pattern, 'gi'))].map(([, word]) => word.toLowerCase());
}

function lastPart(word) {
  return word.split('.').at(-1) ?? word;
}

function inOrder(words) {
  return [...new Set(words)].sort().join(' ');
}
