/** Converts output of pg_dump into SQL for a migration: removes psql commands and session settings. */

/** pg_dump's comment on the first object; session settings precede it. */
const firstObject = /^--\n-- Name: /m;
/** The last lines; newer versions of pg_dump lock psql's commands out, and here in again. */
const ending = /\n--\n-- PostgreSQL database dump complete\n--\n(\n\\unrestrict \S+\n)?\s*$/;
/** A settings line before the first object that says something about the objects. */
const tableMethod = /^SET default_table_access_method = .*;$/m;
const schemaHead = /(^-- Name: .*; Type: SCHEMA; Schema: -; Owner: .*\n--\n\n)CREATE SCHEMA /gm;

/**
 * What pg_dump does to its session, as far as it matters: names have their schemas, functions may come before what they use.
 * They end with the migration's transaction.
 */
const settings = [
  "SELECT pg_catalog.set_config('search_path', '', true);",
  'SET LOCAL check_function_bodies = false;',
  'SET LOCAL xmloption = content;',
];

/**
 * @param dump of the schema alone, in UTF-8 with line feeds.
 * @returns SQL for one transaction; schemas that are there already are no errors in it. Empty when there is nothing in it.
 */
export function cleanDump(dump: string): string {
  const text = dump.replaceAll('\r\n', '\n');
  const start = firstObject.exec(text)?.index;
  if (start === undefined) return '';
  const method = tableMethod.exec(text.slice(0, start))?.[0];
  const objects = text
    .slice(start)
    .replace(ending, '\n')
    .replace(schemaHead, '$1CREATE SCHEMA IF NOT EXISTS ');
  return [...settings, ...(method ? [method] : []), '', objects.trimEnd(), ''].join('\n');
}

/** A dump in which what only the owner of an extension may say is left out, and whose it was. */
export interface UncommentedDump {
  dump: string;
  /** Names as SQL. */
  extensions: readonly string[];
}

const extensionComment =
  /^--\n-- Name: EXTENSION .*; Type: COMMENT; .*\n--\n\nCOMMENT ON EXTENSION ("(?:[^"]|"")*"|\S+) IS (?:NULL|E'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*');\n+/gm;

/** Takes out COMMENT ON EXTENSION, which pg_dump writes for every extension and managed services refuse (42501). */
export function withoutExtensionComments(dump: string): UncommentedDump {
  const extensions: string[] = [];
  const text = dump.replaceAll('\r\n', '\n').replace(extensionComment, (_, name: string) => {
    extensions.push(name);
    return '';
  });
  return { dump: text, extensions };
}
