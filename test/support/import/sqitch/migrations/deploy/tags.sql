BEGIN;

CREATE TABLE app.tags (id bigint PRIMARY KEY, word text NOT NULL UNIQUE);

COMMIT;
