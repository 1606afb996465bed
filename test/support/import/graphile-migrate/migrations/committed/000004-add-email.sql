--! Previous: sha1:cea84c9abe319a807620dfbd811a1d95b0086757
--! Hash: sha1:80f95389d49894a86b185da4a0d8a8465b6a3704
--! Message: add-email

ALTER TABLE users ADD COLUMN email text;
