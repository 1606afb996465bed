/** Makes SQL that can be a migration of what pg_dump prints: what is only for psql and its own session goes. */

/** Where pg_dump speaks of the first object; before it stand settings of the session. */
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
