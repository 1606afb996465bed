-- Written by hand after lib/migrations/util/table-creator.js of Knex, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE knex_migrations (id serial PRIMARY KEY, name varchar(255), batch int, migration_time timestamptz);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240105093000_create_users.js', 1, '2024-01-09 10:00:01+00'), ('20240106101530_create_posts.ts', 1, '2024-01-09 10:00:02+00'), ('20240107080000_index_posts.js', 2, '2024-01-09 10:00:03+00');
