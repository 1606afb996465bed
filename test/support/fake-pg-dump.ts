/** A program that stands for pg_dump where none is installed that is as new as the server: it says how it was called. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './kat-project.js';

/** What pg_dump prints for a schema with one table. */
export const usersDump = `--
-- PostgreSQL database dump
--

\\restrict 5pOtc

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA public;


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id integer
);


--
-- PostgreSQL database dump complete
--

\\unrestrict 5pOtc

`;

export interface FakePgDump {
  /** To be run instead of pg_dump. */
  program: string;
  /** Arguments and environment of the last call that wanted a dump. */
  called(): { args: string[]; env: Record<string, string> };
}

/** Writes the program into a project; it prints `dump`. */
export function fakePgDump(
  project: Pick<Project, 'folder' | 'write'>,
  dump = usersDump,
  version = '99.1',
): FakePgDump {
  const path = (name: string) => join(project.folder, '.fake', name);
  project.write('.fake/dump.sql', dump);
  project.write(
    '.fake/pg_dump',
    `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
if (process.argv[2] === '--version') console.log('pg_dump (PostgreSQL) ${version} (Debian ${version}-1)');
else {
  const { env } = process;
  writeFileSync(${JSON.stringify(path('called.json'))}, JSON.stringify({ args: process.argv.slice(2), env }));
  process.stdout.write(readFileSync(${JSON.stringify(path('dump.sql'))}));
}
`,
  );
  chmodSync(path('pg_dump'), 0o755);
  return {
    program: path('pg_dump'),
    called: () => JSON.parse(readFileSync(path('called.json'), 'utf8')),
  };
}
