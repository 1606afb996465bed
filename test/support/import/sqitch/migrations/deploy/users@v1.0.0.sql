-- Deploy shop:users to pg
-- requires: app

BEGIN;

CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

COMMIT;
