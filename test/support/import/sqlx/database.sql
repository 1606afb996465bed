-- Written by hand after the columns of sqlx-postgres/src/migrate.rs, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(),
  success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES
  (20240105093000, 'create users', '2024-01-09 10:00:01+00', TRUE, '\x01', 2101542),
  (20240106101530, 'create posts', '2024-01-09 10:00:02+00', TRUE, '\x02', 1817250),
  (20240107080000, 'index posts', '2024-01-09 10:00:03+00', TRUE, '\x03', 3320917);
