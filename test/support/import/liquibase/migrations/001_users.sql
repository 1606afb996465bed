--liquibase formatted sql

--changeset ada:create-users
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
--rollback DROP TABLE users;

--changeset ada:create-posts endDelimiter:/
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL)
/
/* liquibase rollback
DROP TABLE posts;
*/

--changeset ada:3 runInTransaction:false
--comment: index the authors of posts
CREATE INDEX CONCURRENTLY posts_author ON posts (author);
--rollback DROP INDEX CONCURRENTLY posts_author;
