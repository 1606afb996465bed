/** Addresses as other programs write them, and how they are written for Kat. None of these texts repeats a part of one. */

const urlForm = 'postgres://USER@HOST:5432/DATABASE?sslmode=require, with `:PASSWORD` after USER';

interface ForeignForm {
  pattern: RegExp;
  what: string;
  help: string;
}

const forms: readonly ForeignForm[] = [
  {
    pattern: /^jdbc:/i,
    what: 'is a URL of JDBC',
    help: `Leave \`jdbc:\` out, and write user and password in front of the host: ${urlForm}.`,
  },
  {
    pattern: /^(?:postgres|postgresql|postgis|psql)\+[\w-]+:\/\//i,
    what: 'names a driver after a plus sign',
    help: 'Leave the plus sign and the driver out: write `postgres://`.',
  },
  {
    pattern: /^(?:cockroachdb|cockroach|redshift|postgis|timescaledb|timescale|pgsql|psql|pg|pgx5?):\/\//i,
    what: 'does not begin with postgres:// or postgresql://',
    help: 'Begin it with `postgres://`. Kat supports only PostgreSQL.',
  },
  {
    pattern: /^prisma(?:\+postgres)?:\/\//i,
    what: 'is a URL of Prisma Accelerate',
    help: 'Use the direct URL of the database, which begins with `postgres://`.',
  },
  {
    pattern: /^(?:sqlite3?|file):/i,
    what: 'is not a PostgreSQL URL',
    help: 'For a SQLite database write `driver: sqlite`, and its file into `path`.',
  },
  {
    pattern: /^libsql:/i,
    what: 'is the URL of a libSQL server',
    help: 'Kat does not support libSQL servers. For a SQLite database write `driver: sqlite`, and its file into `path`.',
  },
  {
    pattern: /^(?:mysql|mariadb|mongodb|mssql|sqlserver|oracle)\b.*:/i,
    what: 'is not a PostgreSQL URL',
    help: `Kat works with PostgreSQL and SQLite. Write ${urlForm}.`,
  },
  {
    pattern: /^["'].*["']$/s,
    what: 'is in quotes',
    help: 'Remove the quotes: they belong to the shell or the file, not to the value.',
  },
  {
    pattern: /^[\w.-]+=postgres/i,
    what: 'begins with the name of a variable',
    help: 'Write the value alone, without the name and the equals sign.',
  },
  {
    pattern: /^\s*\w+\s*=/,
    what: 'is a list of keyword=value',
    help: `Write it as a URL: ${urlForm}.`,
  },
];

/** The reason why an address is no PostgreSQL URL, and the correct form. */
export function explainForeignUrl(url: string): { what: string; help: string } {
  const form = forms.find(({ pattern }) => pattern.test(url));
  return {
    what: form?.what ?? 'does not begin with postgres://, postgresql:// or postgresql+ssl://',
    help: form?.help ?? `Write it as ${urlForm}.`,
  };
}
