/** Atlas, versioned: `20240105093000_users.sql`, with directives in the comments at the top. */

import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportMarker, warn } from '../markers.js';
import { endStatements } from '../separators.js';
import {
  chain,
  cut,
  type SourceFolder,
  type SourceMigration,
  type SourceText,
  writtenDown,
} from '../source.js';
import { checkAtlasSum } from './atlas-sum.js';
import { atlasTable } from './atlas-table.js';

export const atlas: ImportAdapter = { read: readAtlas, table: atlasTable };

interface VersionedFile {
  file: string;
  version: string;
  name: string;
  source: SourceText;
  directives: ReadonlyMap<string, string>;
}

/** In the order of the file names, as Atlas sorts them. */
function readAtlas(folder: SourceFolder): SourceMigration[] {
  const files = folder.files
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => readFile(folder, file));
  checkAtlasSum(
    folder,
    files.map(({ file, source, directives }) => ({
      file,
      source,
      isIgnored: directives.get('sum') === 'ignore',
    })),
  );
  const migrations = withoutCheckpoints(folder, files).map((file) => toMigration(folder, file));
  return chain(markCheckpoints(files, migrations));
}

function readFile(folder: SourceFolder, file: string): VersionedFile[] {
  const source = folder.read(file);
  const [version = '', ...rest] = file.replace(/\.sql$/, '').split('_');
  return source ? [{ file, version, name: rest.join('_'), source, directives: readDirectives(source) }] : [];
}

/** Of the file: comments at its top that an empty line divides from the first statement. The delimiter needs no such line. */
function readDirectives({ text }: SourceText): Map<string, string> {
  const [comments = ''] = /^(?:(?:--|#)[^\n]*(?:\n|$))*/.exec(text) ?? [];
  const rest = text.slice(comments.length);
  const found = [...comments.matchAll(/^[ -~]*?atlas:(\w+)(?: +([^\r\n]*\S))?[^\S\n]*$/gm)];
  const isApart = rest === '' || /^[ \t\r]*\n/.test(rest);
  const delimiter = /^-- atlas:delimiter +([^\r\n]*)/.exec(text)?.[1];
  return new Map([
    ...found.filter(() => isApart).map(([, name = '', value = '']) => [name, value] as const),
    ...(delimiter === undefined ? [] : [['delimiter', delimiter] as const]),
  ]);
}

/** A checkpoint covers the files before it, so it is needed only if these are missing. */
function withoutCheckpoints(folder: SourceFolder, files: readonly VersionedFile[]): VersionedFile[] {
  const checkpoints = files.filter(isCheckpoint);
  const needed = files[0] && isCheckpoint(files[0]) ? files[0] : undefined;
  for (const { file } of checkpoints.filter((checkpoint) => checkpoint !== needed)) {
    leaveOut(folder, file, 'it is a checkpoint, and the other files do all that it does');
  }
  return files.filter((file) => file === needed || !isCheckpoint(file));
}

function isCheckpoint({ directives }: VersionedFile): boolean {
  return directives.has('checkpoint');
}

/** A row with a checkpoint's version says that everything before it is done: the last of these has it as an alias. */
function markCheckpoints<T extends { key: string }>(
  files: readonly VersionedFile[],
  migrations: readonly T[],
) {
  return migrations.map((migration, index) => {
    const next = migrations[index + 1];
    const covering = files.filter(
      (file) => isCheckpoint(file) && file.version > migration.key && !(next && file.version > next.key),
    );
    return { ...migration, aliases: covering.map(({ version }) => version) };
  });
}

function toMigration(folder: SourceFolder, file: VersionedFile) {
  const { version, name, source, directives } = file;
  const { up, down } = directives.has('txtar') ? readArchive(folder, file) : { up: cut(source, 0) };
  const mode = directives.get('txmode');
  return {
    ...{ key: version, label: file.file, name: name || version },
    ...(/^\d+$/.test(version) ? { number: version } : {}),
    up: withSemicolons(up, directives.get('delimiter')),
    ...writtenDown(down),
    noTransaction: mode === 'none',
  };
}

/** The text after the line that names the delimiter, in which `\n` and similar are escapes. */
function withSemicolons(up: SourceText, delimiter: string | undefined): SourceText {
  if (delimiter === undefined) return up;
  const literal = delimiter.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t');
  const end = up.text.indexOf('\n') + 1;
  const separator = literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return { ...up, text: up.text.slice(0, end) + endStatements(up.text.slice(end), separator) };
}

/** Several texts in one file, each behind a line with its name. */
function readArchive(
  folder: SourceFolder,
  { file, source }: VersionedFile,
): { up: SourceText; down?: SourceText } {
  const heads = [...source.text.matchAll(/^-- (\S+) --[^\S\n]*(?:\n|$)/gm)];
  const partOf = (name: string) => {
    const at = heads.findIndex((head) => head[1] === name);
    const head = heads[at];
    return head && cut(source, head.index + head[0].length, heads[at + 1]?.index);
  };
  for (const { 1: name = '', index } of heads.filter(
    ([, name]) => !/^(?:migration|down)\.sql$/.test(name ?? ''),
  )) {
    warn(folder, source, {
      message: `${name} of ${file} is left out: Kat has no checks before a migration`,
      index,
    });
  }
  const [up, down] = [partOf('migration.sql'), partOf('down.sql')];
  if (!up) {
    reportMarker(folder, source, {
      message: 'there is no line `-- migration.sql --`',
      help: 'Atlas refuses this file, too: write the line above the SQL.',
    });
  }
  return { up: up ?? cut(source, 0), ...(down ? { down } : {}) };
}
