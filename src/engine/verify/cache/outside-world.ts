/** Recognises SQL whose effect may depend on more than the database: on time, chance, files or other servers. */

/** Time and chance as default values decide nothing while a migration runs. */
const defaults = /\bdefault\s*\(*\s*(?:[\w.]+\s*\(\s*\)|current_\w+|localtime\w*)/gi;

const momentOrChance =
  /\b(?:now|\w+_timestamp|current_date|current_time|localtime|timeofday|random\w*|\w*uuid\w*|nextval|txid_\w+|pg_\w*xact_id)\b/i;

/** A block, or a statement that is put together, may decide by what it finds. */
const code = /\b(?:do\s*(?:language\b|\$|[eu&]*')|execute\b(?!\s+(?:function|procedure))|call\b)/i;

const outside =
  /\b(?:pg_read_\w+|pg_ls_\w+|pg_stat_file|dblink\w*|lo_import|foreign\s+(?:table|data|schema)|subscription)\b|\bcopy\b[^;]*\bfrom\s+(?:program\s+)?'/i;

/** @returns true in doubt. */
export function mayDependOnWorld(sql: string): boolean {
  if (outside.test(sql)) return true;
  return code.test(sql) && momentOrChance.test(sql.replace(defaults, ''));
}
