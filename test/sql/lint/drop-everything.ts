/** Empties a database that tests share. */

/** Roles are not part of a schema; those of the system have lower numbers than these. */
export const dropEverything = `DO $$ DECLARE made name; BEGIN
  FOR made IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', made); END LOOP;
  FOR made IN SELECT rolname FROM pg_roles WHERE oid >= 16384
  LOOP EXECUTE format('DROP OWNED BY %1$I; DROP ROLE %1$I', made); END LOOP;
  FOR made IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', made); END LOOP;
END $$`;
