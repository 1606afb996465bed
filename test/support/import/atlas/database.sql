-- Written by hand after cmd/atlas/internal/migrate/ent/migrate/schema.go of Atlas, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE SCHEMA atlas_schema_revisions;
CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version varchar NOT NULL PRIMARY KEY, description varchar NOT NULL,
  type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL,
  execution_time bigint NOT NULL, error text, error_stmt text, hash varchar NOT NULL, partial_hashes jsonb, operator_version varchar NOT NULL);
INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES
  ('.atlas_cloud_identifier', 'x', 2, 0, 0, '2024-01-09 10:00:00+00', 0, NULL, NULL, '', NULL, 'Atlas CLI'),
  ('20240105093000', 'create_users', 2, 1, 1, '2024-01-09 10:00:01+00', 1, NULL, NULL, 'a', '[]', 'Atlas CLI'),
  ('20240106101530', 'create_posts', 2, 1, 1, '2024-01-09 10:00:02+00', 1, '', '', 'b', '[]', 'Atlas CLI'),
  ('20240107080000', 'index_posts', 2, 1, 1, '2024-01-09 10:00:03+00', 1, NULL, NULL, 'c', '[]', 'Atlas CLI');
