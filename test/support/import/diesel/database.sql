-- Written by hand after the columns of diesel/src/migration/setup_migration_table.sql, as if all but the last migration were applied.
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
INSERT INTO __diesel_schema_migrations VALUES
  ('00000000000000', '2024-01-09 10:00:00'),
  ('20240105093000', '2024-01-09 10:00:01'),
  ('20240106101530', '2024-01-09 10:00:02'),
  ('20240107080000', '2024-01-09 10:00:03');
