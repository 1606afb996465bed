-- Deploy shop:app to pg
\set ON_ERROR_STOP on

BEGIN;

CREATE SCHEMA app;

COMMIT;
