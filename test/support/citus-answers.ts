/**
 * SQL that makes a PostgreSQL answer as Citus 13 did where it was tried: an UPDATE of `campaigns` counts as parallel work, behind which
 * DDL of the table is refused unless the transaction has one connection for each node. There, a worker refuses an ALTER TABLE that does
 * not come alone, because it is sent the text of the whole message.
 */

/** In sequential mode, too, ALTER TABLE is refused where `isStubborn`, and by a worker, even alone, where `hasStubbornWorker`. */
export function answerLikeCitus({ isStubborn = false, hasStubbornWorker = false } = {}): string {
  return `
CREATE TABLE countries (id int PRIMARY KEY);
CREATE TABLE campaigns (id int PRIMARY KEY, country int);
CREATE TABLE seen (mode text);
-- In which transaction what happened: a setting would not outlive the end of a migration.
CREATE TABLE happened (what text, xid text);
INSERT INTO countries VALUES (1);
INSERT INTO campaigns VALUES (1, NULL);

CREATE FUNCTION note_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO happened VALUES ('update', pg_current_xact_id()::text);
  RETURN NULL;
END $$;
CREATE TRIGGER note_update AFTER UPDATE ON campaigns EXECUTE FUNCTION note_update();

-- A name that the context of the error contains: Citus writes there which worker it is.
CREATE FUNCTION "while executing command on localhost:9701"() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'cannot insert multiple commands into a prepared statement' USING ERRCODE = '42601';
END $$;

CREATE FUNCTION refuse_parallel() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
  this text := pg_current_xact_id()::text;
  is_sequential bool := current_setting('citus.multi_shard_modify_mode', true) = 'sequential' AND NOT ${isStubborn};
BEGIN
  IF NOT EXISTS (SELECT FROM happened WHERE what = 'update' AND xid = this) THEN RETURN; END IF;
  IF is_sequential IS NOT TRUE THEN
    RAISE EXCEPTION 'cannot modify table "campaigns" because there was a parallel operation on a distributed table in the transaction'
      USING ERRCODE = 'XX000',
      DETAIL = 'When there is a foreign key to a reference table, Citus needs to perform all operations over a single connection per node to ensure consistency.',
      HINT = 'Try re-running the transaction with "SET LOCAL citus.multi_shard_modify_mode TO ''sequential'';"';
  END IF;
  IF current_query() ~ 'COMMIT|RELEASE' OR ${hasStubbornWorker} THEN
    PERFORM "while executing command on localhost:9701"();
  END IF;
END $$;
CREATE EVENT TRIGGER refuse_parallel ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION refuse_parallel();

-- In C it asks the server whether there is a block; in PL/pgSQL it sees it in the message.
CREATE FUNCTION create_distributed_table_concurrently(table_name regclass, distribution_column text) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN
  IF current_query() ~* '\\mBEGIN\\M' THEN
    RAISE EXCEPTION 'create_distributed_table_concurrently cannot run inside a transaction block' USING ERRCODE = '25001';
  END IF;
  INSERT INTO seen VALUES ('distributed ' || table_name || ' by ' || distribution_column);
END $$;`;
}
