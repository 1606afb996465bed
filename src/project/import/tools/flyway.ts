/** Reads Flyway's folder: `V1.2__name.sql`, with `U…`, `R__…`, `B…` and .sql.conf beside it, also in folders below. */

import { basename } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { summedByLines } from '../applied-text.js';
import { leaveOut, reportFile, warn } from '../markers.js';
import {
  fillPlaceholders,
  type PlaceholderStyle,
  type Placeholders,
  refuseMissingValues,
} from '../placeholders.js';
import {
  chain,
  looksLikeSql,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { listFilesBelow } from '../source-folder.js';
import { flywayTable } from './flyway-table.js';
import { compareVersions, numberVersions, parseVersion } from './flyway-versions.js';

export const flyway: ImportAdapter = { read: readFlyway, hasPlaceholders: true, table: flywayTable };

type Unchained = Omit<SourceMigration, 'parents'>;

interface Script {
  path: string;
  kind: 'V' | 'U' | 'B' | 'R';
  /** Empty for R. */
  version: string;
  name: string;
}

const scriptName = /^([VUB])(\d[\d._]*?)(?:__(.*))?\.sql$/;
/** Names take no account of case. */
const placeholderStyle: PlaceholderStyle = {
  pattern: /\$\{([^}\r\n]*)\}/g,
  normalize: (name) => name.toLowerCase(),
  onMissing: refuseMissingValues,
};
const repeatableName = /^R__(.*)\.sql$/;

/** By their versions; what is repeatable comes last, by its name. */
function readFlyway(folder: SourceFolder, placeholders: Placeholders): SourceMigration[] {
  const paths = listFilesBelow(folder.root).sort();
  const scripts = paths.flatMap((path) => parseScript(folder, path));
  refuseSharedVersions(folder, scripts);
  const read = (script: Script) => readScript(folder, script, { paths, placeholders });
  const versioned = withBaseline(folder, scripts);
  const numbers = numberVersions(versioned.map(({ version }) => version));
  const undo = new Map(scripts.filter(({ kind }) => kind === 'U').map((script) => [script.version, script]));
  const migrations = versioned.flatMap((script, index): Unchained[] => {
    const [up, back] = [read(script), undo.get(script.version)];
    if (!up) return [];
    const down = back && read(back)?.text;
    const number = numbers[index] as string;
    return [{ ...describe(script, up), key: script.version, number, ...writtenDown(down) }];
  });
  const repeatable = scripts
    .filter(({ kind }) => kind === 'R')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((script) => readRepeatable(folder, script, read(script)));
  return chain([...migrations, ...repeatable]);
}

function parseScript(folder: SourceFolder, path: string): Script[] {
  const file = basename(path);
  const [, kind, version = '', name = ''] = scriptName.exec(file) ?? [];
  if (kind) return [{ path, kind: kind as Script['kind'], version: parseVersion(version), name }];
  const repeatable = repeatableName.exec(file)?.[1];
  if (repeatable !== undefined) return [{ path, kind: 'R', version: '', name: repeatable }];
  if (/^[VUBR].*__.*\.(?:java|kt|class|py|ps1|sh|bat|cmd|bash)$/.test(file)) {
    reportFile(folder, path, {
      message: `${path} is a program, which Kat cannot run`,
      help: 'In a copy of the folder, replace it with an .sql file of the same version that has its SQL.',
    });
  } else if (looksLikeSql(file)) {
    leaveOut(folder, path, 'it is a callback, or not named like a migration');
  }
  return [];
}

/** Versioned and repeatable ones are compared when everything has been read. */
function refuseSharedVersions(folder: SourceFolder, scripts: readonly Script[]): void {
  const seen = new Map<string, string>();
  for (const { kind, version, path } of scripts.filter((script) => 'UB'.includes(script.kind))) {
    const earlier = seen.get(kind + version);
    seen.set(kind + version, path);
    if (earlier === undefined) continue;
    reportFile(folder, path, {
      message: `${earlier} and ${path} have the same version`,
      help: 'Flyway refuses this folder, too: keep one of them.',
    });
  }
}

/** A baseline script covers all versions up to its own, so it is needed only if these are missing. */
function withBaseline(folder: SourceFolder, scripts: readonly Script[]): Script[] {
  const versioned = scripts
    .filter(({ kind }) => kind === 'V')
    .sort((a, b) => compareVersions(a.version, b.version));
  const baselines = scripts
    .filter(({ kind }) => kind === 'B')
    .sort((a, b) => compareVersions(b.version, a.version));
  const [newest] = baselines;
  if (!newest) return versioned;
  const isNeeded = !versioned.some(({ version }) => compareVersions(version, newest.version) <= 0);
  for (const { path } of isNeeded ? baselines.slice(1) : baselines) {
    leaveOut(folder, path, 'the other scripts make the same changes');
  }
  return isNeeded ? [newest, ...versioned] : versioned;
}

interface ReadScript {
  /** Before placeholders are filled. */
  written: string;
  text: SourceText;
  isOutsideTransaction: boolean;
}

function readScript(
  folder: SourceFolder,
  { path }: Script,
  options: { paths: readonly string[]; placeholders: Placeholders },
): ReadScript | undefined {
  const source = folder.read(path);
  if (!source) return undefined;
  const conf = options.paths.includes(`${path}.conf`) ? folder.read(`${path}.conf`)?.text : undefined;
  const isOff = (setting: string) =>
    new RegExp(`^\\s*(?:flyway\\.)?${setting}\\s*=\\s*false\\b`, 'im').test(conf ?? '');
  const text = isOff('placeholderReplacement')
    ? source
    : fillPlaceholders(folder, source, placeholderStyle, options.placeholders);
  return { written: source.text, text, isOutsideTransaction: isOff('executeInTransaction') };
}

function describe({ path, name }: Script, { written, text, isOutsideTransaction }: ReadScript) {
  const isAppliedText = summedByLines(written);
  return { label: path, name, up: text, noTransaction: isOutsideTransaction, isAppliedText };
}

function readRepeatable(folder: SourceFolder, script: Script, read: ReadScript | undefined): Unchained[] {
  if (!read) return [];
  warn(folder, read.text, {
    message: `${script.path} is run once from now on, after the versioned migrations`,
    help: 'To change it later, add a migration.',
  });
  return [{ ...describe(script, read), key: `R ${script.name.replaceAll('_', ' ')}` }];
}
