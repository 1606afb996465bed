-- Written by hand after refinery_core/src/traits/mod.rs of refinery, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
INSERT INTO refinery_schema_history VALUES
  (1, 'create_users', '2024-01-09T10:00:01.123456789Z', '1'),
  (2, 'create_posts', '2024-01-09T10:00:02.123456789Z', '2'),
  (3, 'index_posts', '2024-01-09T12:00:03.5+02:00', '3');
