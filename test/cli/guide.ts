/** The migrations of the migrations guide, and its outputs with the times taken out. */
import type { MigrationSource } from '../support/kat-project.js';

export const usersId = '1679012345_create_users_table';
export const emailId = '1679023456_add_email_column';

const createUsers: MigrationSource = {
  up: `-- Create users table
CREATE TABLE IF NOT EXISTS users (
  id SERIAL PRIMARY KEY,
  username VARCHAR(100) NOT NULL UNIQUE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

-- Add indexes
CREATE INDEX IF NOT EXISTS idx_users_username ON users(username);`,
  down: `-- Drop indexes
DROP INDEX IF EXISTS idx_users_username;

-- Drop users table
DROP TABLE IF EXISTS users;`,
};

const addEmail: MigrationSource = {
  up: `ALTER TABLE users
ADD COLUMN email VARCHAR(255) UNIQUE,
ADD COLUMN active BOOLEAN DEFAULT true;`,
  down: `ALTER TABLE users
DROP COLUMN IF EXISTS active,
DROP COLUMN IF EXISTS email;`,
};

/** The two migrations that the guide's outputs show. */
export const guideMigrations = { [usersId]: createUsers, [emailId]: addEmail };

/** The guide's `metadata.yaml`: a name and a timestamp, and nothing else. */
export function guideMetadata(id: string): string {
  return `name: ${id}\ntimestamp: ${id.split('_')[0]}\n`;
}

/** Puts `TIME` in the place of every duration at a line's end. */
export function withoutTimes(output: string): string {
  return output.replace(/- (\d+m)?\d+\.\d{3}m?s$/gm, '- TIME');
}

export const connected = 'Attempting to ping database\nSuccessfully connected to database!\n';

export const upOutput = `${connected}${usersId} 
${emailId} 
Successfully applied 2 migrations

Migration Summary
Successful migrations:
  ✓ ${usersId} (up) - TIME
  ✓ ${emailId} (up) - TIME

Total: 2 migration(s) applied
`;

export const upDryRunOutput = `DRY RUN: Migrations will not be applied
${usersId} [DRY RUN] Would execute up migration for ${usersId}
${emailId} [DRY RUN] Would execute up migration for ${emailId}
DRY RUN: Validated 2 migrations without applying them

Migration Summary
Validated migrations:
  ✓ ${usersId} (up)
  ✓ ${emailId} (up)

Total: 2 migration(s) validated
`;

export const downOutput = `${connected}${emailId} 
Successfully rolled back 1 migrations

Migration Summary
Successful migrations:
  ✓ ${emailId} (down) - TIME

Total: 1 migration(s) rolled back
`;

export const downDryRunOutput = `DRY RUN: Migrations will not be rolled back
${emailId} [DRY RUN] Would execute down migration for ${emailId}
DRY RUN: Validated 1 migrations without applying them

Migration Summary
Validated migrations:
  ✓ ${emailId} (down)

Total: 1 migration(s) validated
`;
