/** A schema whose operators, functions, aggregates and types take the place of PostgreSQL's own when it comes first on the search path. */

const functions = [
  ...[
    'round',
    'abs',
    'now',
    'clock_timestamp',
    'statement_timestamp',
    'concat',
    'length',
    'set_config',
    'to_char',
  ],
  ...[
    'date_part',
    'extract',
    'timezone',
    'format',
    'pg_backend_pid',
    'age',
    'to_timestamp',
    'current_schema',
  ],
];

const types = {
  timestamptz: 'text',
  text: 'text',
  int4: 'int4',
  name: 'name',
  float8: 'float8',
  bigint: 'int8',
};

/** Creates the schema `evil`. Whatever of it is used fails and says so, but for the aggregates, which answer too much. */
export const createEvilSchema = `CREATE SCHEMA evil;
DO $$
DECLARE
  o record;
  number int := 0;
BEGIN
  FOR o IN SELECT oprname, oprleft::regtype::text AS l, oprright::regtype::text AS r, oprresult::regtype::text AS result
    FROM pg_operator WHERE oprkind = 'b' AND oprnamespace = 'pg_catalog'::regnamespace
      AND oprleft::regtype::text !~ '^any' AND oprright::regtype::text !~ '^any'
  LOOP
    number := number + 1;
    EXECUTE format('CREATE FUNCTION evil.o%s(a %s, b %s) RETURNS %s LANGUAGE plpgsql AS %L', number, o.l, o.r, o.result,
      format('BEGIN RAISE EXCEPTION %L; END', 'evil operator ' || replace(o.oprname, '%', '%%')));
    EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.o%s, LEFTARG = %s, RIGHTARG = %s)', o.oprname, number, o.l, o.r);
  END LOOP;
  FOR o IN SELECT DISTINCT proname, pg_get_function_identity_arguments(oid) AS arguments, prorettype::regtype::text AS result
    FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset AND proargmodes IS NULL
      AND proname IN (${functions.map((name) => `'${name}'`).join(', ')})
      AND NOT EXISTS (SELECT FROM unnest(proargtypes) t WHERE t::regtype::text ~ '^"?(any|internal)')
  LOOP
    EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', o.proname, o.arguments, o.result,
      format('BEGIN RAISE EXCEPTION %L; END', 'evil function ' || o.proname));
  END LOOP;
END $$;
CREATE AGGREGATE evil.max(bigint) (SFUNC = int8larger, STYPE = int8, INITCOND = '999999');
CREATE AGGREGATE evil.count(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '999999');
${Object.entries(types)
  .map(([name, base]) => `CREATE DOMAIN evil.${name} AS pg_catalog.${base} CHECK (false);`)
  .join('\n')}`;
