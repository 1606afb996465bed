/** A project in a git repository with two branches: `main` has a table, and `feature` changes it. */

import { commitAll, git } from './git.js';
import { makeProject, type Project } from './kat-project.js';

/** The message and the line of each finding are the same in every run. */
export function makeBranchProject(): Project {
  const users = { up: 'CREATE TABLE users (id bigint PRIMARY KEY);', down: 'DROP TABLE users;' };
  const project = makeProject({ config: 'database:\n  driver: pglite\n', migrations: { '1_users': users } });
  commitAll(project.folder, 'users');
  git(project.folder, 'switch', '--quiet', '--create', 'feature');
  project.addMigration('2_email', {
    up: 'ALTER TABLE users ADD email text;',
    down: 'ALTER TABLE users DROP email;',
    parents: [1],
  });
  project.addMigration('3_index', {
    up: 'CREATE INDEX users_email ON users (email);',
    down: 'DROP INDEX users_email;',
    parents: [2],
  });
  commitAll(project.folder, 'email');
  return project;
}

/** The report about it, with `BASE` for the name of the base and `COMMIT` for its commit. */
export const branchReport = `## Migrations: 2 added

**1 error** compared with \`BASE\` at \`COMMIT\`

\`\`\`mermaid
flowchart LR
  m1["users"]
  m2["email"]
  m3["index"]
  m1 --> m2
  m2 --> m3
  classDef changed stroke:#1a7f37,stroke-width:3px
  class m2,m3 changed
\`\`\`

### Plan

| Step | Migration | After | Runs |
| --- | --- | --- | --- |
| 1 | \`2_email\` |  | in a transaction |
| 2 | \`3_index\` | \`2_email\` | in a transaction |

### Locks, rewrites and scans

| Migration | Statement | Seen on an embedded PostgreSQL 18.6 |
| --- | --- | --- |
| \`2_email\` | 1: \`ALTER TABLE users ADD email text\` | ACCESS EXCLUSIVE on users |
| \`3_index\` | 1: \`CREATE INDEX users_email ON users (email)\` | SHARE on users; reads all of users |

### Files and graph

No problems found.

### Lint

1 error.

- **error** \`create-index-not-concurrent\` \`migrations/3_index/up.sql:1\` CREATE INDEX takes a SHARE lock on users, which blocks writes until the index is built

### Order of unordered migrations

No problems found.

### Up, down and up again

No problems found.

2 migrations executed up, down and up again on PostgreSQL 18.6.
`;

/** A report with the names that differ from run to run replaced. */
export function withoutNames(report: string): string {
  return report.replace(/compared with `[^`]+` at `[0-9a-f]{7}`/, 'compared with `BASE` at `COMMIT`');
}
