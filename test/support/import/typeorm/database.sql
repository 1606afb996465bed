-- Written by hand after src/migration/MigrationExecutor.ts of TypeORM, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE typeorm_migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL);
INSERT INTO typeorm_migrations (timestamp, name) VALUES (1704447000000, 'CreateUsers1704447000000'), (1704536130000, 'CreatePosts1704536130000'), (1704614400000, 'IndexPosts1704614400000');
