-- Written by hand after migrate/migrate.go of tern, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE schema_version (version int4 NOT NULL PRIMARY KEY);
INSERT INTO schema_version VALUES (3);
