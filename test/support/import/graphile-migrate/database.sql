-- Written by hand after src/migration.ts of Graphile Migrate, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE SCHEMA graphile_migrate;
CREATE TABLE graphile_migrate.migrations (hash text PRIMARY KEY, previous_hash text REFERENCES graphile_migrate.migrations,
  filename text NOT NULL, date timestamptz NOT NULL DEFAULT now());
INSERT INTO graphile_migrate.migrations VALUES
  ('sha1:c3a1246596e95bd39ea5f57a03d9d15af0bdafb3', NULL, '000001.sql', '2024-01-09 10:00:01+00'),
  ('sha1:7aaec9c1049f31d2b86b2d49ad6323c3383cdd39', 'sha1:c3a1246596e95bd39ea5f57a03d9d15af0bdafb3', '000002.sql', '2024-01-09 10:00:02+00'),
  ('sha1:cea84c9abe319a807620dfbd811a1d95b0086757', 'sha1:7aaec9c1049f31d2b86b2d49ad6323c3383cdd39', '000003.sql', '2024-01-09 10:00:03+00');
