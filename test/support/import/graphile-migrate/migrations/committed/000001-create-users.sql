--! Previous: -
--! Hash: sha1:c3a1246596e95bd39ea5f57a03d9d15af0bdafb3
--! Message: create-users

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
