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
  (20240105093000, 'create users', '2024-01-09 10:00:01+00', TRUE, '\x7957f0f0f43600ac3db0739c1ac9d3b153de13ba895f2764c3e63907dfd361c33f76b9e6c968d214b86caf1e946b97e7', 2101542),
  (20240106101530, 'create posts', '2024-01-09 10:00:02+00', TRUE, '\x84b5d1cd2dab1b4d154ca4f87b878f1c1ebc3aea63847b7ebd2c6bd14c84e73ff8b91b9a97847ca8c878ad4d03518ab1', 1817250),
  (20240107080000, 'index posts', '2024-01-09 10:00:03+00', TRUE, '\x729a28821efe0a16a2971978ae6c61db32c7d7f7faab8f7c0a299d5968f0a7c2cb60287a97fcbe7a48ba518903e8d45c', 3320917);
