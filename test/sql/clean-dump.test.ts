import { describe, expect, test } from 'vitest';
import { cleanDump, withoutExtensionComments } from '../../src/sql/psql/clean-dump.js';

const settings = `SELECT pg_catalog.set_config('search_path', '', true);
SET LOCAL check_function_bodies = false;
SET LOCAL xmloption = content;
`;

const tables = `--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id integer
);
`;

const before = `--
-- PostgreSQL database dump
--

\\restrict 5pOtc

-- Dumped from database version 18.1
-- Dumped by pg_dump version 18.1

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;

SET default_table_access_method = heap;

`;

const after = `

--
-- PostgreSQL database dump complete
--

\\unrestrict 5pOtc

`;

describe('what pg_dump prints becomes a migration', () => {
  test('what is for its own session and for psql goes', () => {
    const expected = `${settings}SET default_table_access_method = heap;\n\n${tables}`;
    expect(cleanDump(before + tables + after)).toBe(expected);
    expect(cleanDump((before + tables + after).replaceAll('\n', '\r\n'))).toBe(expected);
  });

  test('older versions have fewer of these lines', () => {
    const older = before.replace(/\\restrict.*\n\n/, '').replace(/SET default.*\n\n/, '');
    expect(cleanDump(older + tables + after.replace(/\\unrestrict.*\n\n/, ''))).toBe(
      `${settings}\n${tables}`,
    );
  });

  test('texts that look like such lines stay what they are', () => {
    const body = `--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $$
\\restrict me
\\unrestrict me
SET row_security = off;
CREATE SCHEMA b;
$$;
`;
    expect(cleanDump(before + body + after)).toContain(body);
  });

  test('a schema may be there already', () => {
    const schema = `--
-- Name: a b; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA "a b";
`;
    expect(cleanDump(before + schema + after)).toContain('\nCREATE SCHEMA IF NOT EXISTS "a b";\n');
  });

  test('of nothing comes nothing', () => {
    expect(cleanDump(before + after)).toBe('');
  });
});

test.each([
  ["citext IS 'case-insensitive'", 'citext'],
  [`"uuid-ossp" IS 'it''s ''; \nDROP'`, '"uuid-ossp"'],
  ["hstore IS E'a\\'b'", 'hstore'],
  ['plpgsql IS NULL', 'plpgsql'],
])('COMMENT ON EXTENSION %s is left out', (comment, name) => {
  const block = `--\n-- Name: EXTENSION x; Type: COMMENT; Schema: -; Owner: -\n--\n\nCOMMENT ON EXTENSION ${comment};\n\n\n`;
  expect(withoutExtensionComments(block + tables)).toEqual({ dump: tables, extensions: [name] });
});

test('what only looks like it stays', () => {
  const text = `${tables}COMMENT ON TABLE users IS 'COMMENT ON EXTENSION x IS ''y'';';\n`;
  expect(withoutExtensionComments(text)).toEqual({ dump: text, extensions: [] });
});
