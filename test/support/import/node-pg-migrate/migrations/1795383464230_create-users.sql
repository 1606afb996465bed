-- Up Migration
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

-- Down Migration
DROP TABLE users;
