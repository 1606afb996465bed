-- Deploy shop:users to pg

BEGIN;

ALTER TABLE app.users ADD COLUMN IF NOT EXISTS email text;

COMMIT;
