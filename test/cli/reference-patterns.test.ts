/** The guide's advanced patterns go up, down to exactly what was there before, and up again. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_base': `CREATE TABLE users (id SERIAL PRIMARY KEY);
CREATE TABLE orders (id SERIAL PRIMARY KEY, user_id INT);
CREATE TABLE roles (id SERIAL PRIMARY KEY, name TEXT);`,
  '2_schema_changes': {
    up: `CREATE TABLE products (
  id SERIAL PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  price DECIMAL(10,2) NOT NULL
);`,
    down: 'DROP TABLE IF EXISTS products;',
  },
  '3_adding_columns': {
    up: `ALTER TABLE users
ADD COLUMN email VARCHAR(255) UNIQUE,
ADD COLUMN active BOOLEAN DEFAULT true;`,
    down: `ALTER TABLE users
DROP COLUMN IF EXISTS active,
DROP COLUMN IF EXISTS email;`,
  },
  '4_constraints_and_indexes': {
    up: `-- Add constraints
ALTER TABLE orders
ADD CONSTRAINT fk_user_id FOREIGN KEY (user_id) REFERENCES users(id);

-- Add indexes
CREATE INDEX idx_orders_user_id ON orders(user_id);`,
    down: `-- Drop indexes first
DROP INDEX IF EXISTS idx_orders_user_id;

-- Then drop constraints
ALTER TABLE orders
DROP CONSTRAINT IF EXISTS fk_user_id;`,
  },
  '5_seeding': {
    up: `INSERT INTO roles (name) VALUES
('admin'),
('user'),
('guest');`,
    down: "DELETE FROM roles WHERE name IN ('admin', 'user', 'guest');",
  },
};

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('schema changes, columns, constraints, indexes and seeds', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up --count 1');
    const before = await contentOf(project.database);
    await project.migrate();
    expect(await contentOf(project.database)).not.toEqual(before);
    expect(await project.database.query('SELECT name FROM roles ORDER BY id')).toEqual([
      { name: 'admin' },
      { name: 'user' },
      { name: 'guest' },
    ]);
    expect((await project.kat('down --count 4')).code).toBe(0);
    expect(await contentOf(project.database)).toEqual(before);
    await project.migrate();
    expect(await project.applied()).toEqual(Object.keys(migrations));
  });
});
