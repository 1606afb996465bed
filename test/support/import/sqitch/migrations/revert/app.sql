-- Revert shop:app from pg

BEGIN;

DROP SCHEMA app;

COMMIT;
