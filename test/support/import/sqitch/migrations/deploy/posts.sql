BEGIN;

CREATE TABLE app.posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES app.users, title text NOT NULL);

COMMIT;
