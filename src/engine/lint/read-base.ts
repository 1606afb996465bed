/** Reads what the migrations of a commit make, where the folder has them in another form or not at all. */

import { compareMigrations, isProgram } from '../../graph/migration.js';
import { findSqlFile } from '../../project/folder/load.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import type { BaseMigration } from '../../project/git/base-migrations.js';
import type { BaseNames } from '../../sql/lint/follow-into.js';
import type { Parser } from '../../sql/syntax/parse.js';

/** The migrations of a commit, some of which are not here as they are there. */
export interface ChangedBase {
  migrations: readonly BaseMigration[];
  directory: string;
}

/** The names that the base uses, and the statements that the branch changed. */
export interface ReadBase {
  names: BaseNames;
  /** The statements of the migrations that were edited, renamed or deleted, as texts. */
  statements: ReadonlySet<string>;
}

/** Relations and types count if the commit has them in the end and a changed migration has made them. */
export async function readBase(parser: Parser, { migrations, directory }: ChangedBase): Promise<ReadBase> {
  const [{ followBlock }, { endMigration }, { emptySchema }, { parseStatements }] = await Promise.all([
    import('../../sql/schema/follow-blocks.js'),
    import('../../sql/schema/follow-statement.js'),
    import('../../sql/schema/schema.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const schema = emptySchema();
  const statements = new Set<string>();
  for (const { id, files } of [...migrations].sort(compareMigrations)) {
    const { statements: parsed = [] } = parseStatements(parser, textOf(directory, id, files.up));
    for (const { node, text } of parsed) {
      followBlock(parser, schema, { node, creator: files.up?.isSame ? unchanged : id });
      if (!files.up?.isSame) statements.add(text);
    }
    endMigration(schema);
  }
  return { names: { relations: keysOf(schema.relations), types: keysOf(schema.types) }, statements };
}

/** Marks what migrations make that are here as they are there. No migration is called so. */
const unchanged = '';

function keysOf(made: ReadonlyMap<string, { creator: string }>): Set<string> {
  return new Set([...made].filter(([, { creator }]) => creator !== unchanged).map(([key]) => key));
}

function textOf(directory: string, id: string, file: BaseMigration['files']['up']): string {
  if (!file || isProgram(file.name)) return '';
  return file.isSame ? (findSqlFile(migrationFiles(directory, id).up) ?? '') : file.text;
}
