ALTER TABLE users ADD COLUMN email text;

---- create above / drop below ----

ALTER TABLE users DROP COLUMN email;
