/** Migrations that can be fixed: the examples of the rules' pages, and what people write around such statements. */

import { fixableRules } from '../../../src/sql/lint/fix/fixable-rules.js';
import { readRulePage } from './rule-pages.js';

/** A migration in which a rule finds something that can be fixed. */
export interface FixedScene {
  title: string;
  rule: string;
  /** The up.sql of what is applied. */
  applied: readonly string[];
  up: string;
  down?: string;
  isTransactional: boolean;
  /** What the fix leaves in the schema beside what the migration does. */
  leaves?: RegExp;
}

/** The down.sql of an example, and statements that need what it makes. */
interface Around {
  down: string;
  needing: { up: string; down: string };
}

/** By rule, in the order of its page; undefined for an example that takes somebody who knows more. */
const pageDowns: Readonly<Record<string, readonly (Around | undefined)[]>> = {
  'add-check-validated': [
    {
      down: 'ALTER TABLE users DROP CONSTRAINT users_email_set;',
      needing: commentOn('CONSTRAINT users_email_set ON users'),
    },
    undefined,
  ],
  'add-foreign-key-validated': [
    {
      down: 'ALTER TABLE orders DROP CONSTRAINT orders_user;',
      needing: commentOn('CONSTRAINT orders_user ON orders'),
    },
    undefined,
  ],
  'add-unique-without-index': [
    {
      down: 'ALTER TABLE users DROP CONSTRAINT users_email_key;',
      needing: {
        up: 'CREATE TABLE mails (id bigint PRIMARY KEY, email text REFERENCES users (email));\nCREATE INDEX mails_email ON mails (email);',
        down: 'DROP TABLE mails;',
      },
    },
    undefined,
  ],
  'concurrent-index-if-not-exists': [
    { down: 'DROP INDEX users_email;', needing: commentOn('INDEX users_email') },
  ],
  'create-index-not-concurrent': [
    { down: 'DROP INDEX users_email;', needing: commentOn('INDEX users_email') },
  ],
  'detach-partition-blocking': [
    {
      down: "ALTER TABLE measures ATTACH PARTITION measures_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      needing: commentOn('TABLE measures_2024'),
    },
  ],
  'drop-index-not-concurrent': [
    {
      down: 'CREATE INDEX users_email ON users (email);',
      needing: { up: 'CREATE SEQUENCE users_email;', down: 'DROP SEQUENCE users_email;' },
    },
  ],
  'foreign-key-without-index': [
    { down: 'DROP TABLE orders;', needing: commentOn('TABLE orders') },
    {
      down: 'ALTER TABLE notes DROP CONSTRAINT notes_user_id_fkey;',
      needing: commentOn('CONSTRAINT notes_user_id_fkey ON notes'),
    },
  ],
  'needs-no-transaction': [
    {
      down: 'DROP INDEX users_name;\nALTER TABLE users DROP COLUMN name;',
      needing: commentOn('INDEX users_name'),
    },
  ],
  'reindex-not-concurrent': [
    { down: '', needing: commentOn('INDEX users_email') },
    { down: '', needing: commentOn('INDEX users_email') },
  ],
  'set-not-null-scan': [
    { down: 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;', needing: commentOn('COLUMN users.email') },
    undefined,
  ],
  'validate-in-same-transaction': [
    {
      down: 'ALTER TABLE users DROP CONSTRAINT users_email_set;',
      needing: commentOn('CONSTRAINT users_email_set ON users'),
    },
  ],
};

/** An index of its own, and what PostgreSQL's documentation says of DETACH PARTITION: the partition keeps its bounds as a CHECK. */
const left: Readonly<Record<string, Pick<FixedScene, 'leaves'>>> = {
  'foreign-key-without-index': { leaves: /_user_id_idx/ },
  'detach-partition-blocking': { leaves: /measures_2024_at_check/ },
};

function commentOn(object: string) {
  return { up: `COMMENT ON ${object} IS 'new';`, down: `COMMENT ON ${object} IS NULL;` };
}

const ahead = {
  up: '-- Comes first\nCREATE TABLE ahead (id bigint PRIMARY KEY);\n',
  down: 'DROP TABLE ahead;',
};
const behind = {
  up: 'CREATE TABLE behind (id bigint PRIMARY KEY); -- comes last',
  down: 'DROP TABLE behind;',
};

/** Every example of every fixable rule, alone, among others, and with what needs it. */
export function pageScenes(): FixedScene[] {
  return fixableRules.flatMap((rule) => {
    const { sections } = readRulePage(rule);
    const of = (title: string) => sections.find((section) => section.title === title)?.examples ?? [];
    const applied = of('Before').map(({ sql }) => sql);
    return of('Found').flatMap(({ sql, words }, index) => {
      const around = pageDowns[rule]?.[index];
      if (!around) return [];
      const shared = { rule, applied, isTransactional: !words.has('no_transaction'), ...left[rule] };
      const all = variants(sql.trim(), around);
      return (shared.isTransactional ? all : all.slice(0, -1)).map(([title, up, down]) => ({
        ...shared,
        title: `${rule} ${index + 1}, ${title}`,
        up,
        down,
      }));
    });
  });
}

function variants(sql: string, { down, needing }: Around): [title: string, up: string, down: string][] {
  return [
    ['alone', sql, down],
    ['with a comment behind it and no semicolon', `${sql.replace(/;$/, '')} -- because`, down],
    ['among others', `${ahead.up}${sql} -- why\n${behind.up}`, `${behind.down}\n${down}\n${ahead.down}`],
    [
      'with what needs it',
      `${sql}\n\n${needing.up}\n${behind.up}`,
      `${behind.down}\n${needing.down}\n${down}`,
    ],
    [
      'in a transaction of its own',
      `BEGIN;\n${sql}\n${behind.up}\nCOMMIT;`,
      `BEGIN;\n${behind.down}\n${down}\nCOMMIT;`,
    ],
  ];
}
