BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 1975ea83b712

CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);

INSERT INTO alembic_version (version_num) VALUES ('1975ea83b712') RETURNING alembic_version.version_num;

-- Running upgrade 1975ea83b712 -> 34f5a2b1c0de

CREATE TABLE tags (id bigint PRIMARY KEY);

UPDATE alembic_version SET version_num='34f5a2b1c0de' WHERE alembic_version.version_num = '1975ea83b712';

-- Running upgrade 1975ea83b712 -> 27c6a30d7c24

CREATE TABLE posts (id bigint PRIMARY KEY, author bigint REFERENCES users);

INSERT INTO alembic_version (version_num) VALUES ('27c6a30d7c24') RETURNING alembic_version.version_num;

-- Running upgrade 27c6a30d7c24, 34f5a2b1c0de -> 4a3b2c1d0e9f

CREATE TABLE post_tags (post bigint REFERENCES posts, tag bigint REFERENCES tags);

DELETE FROM alembic_version WHERE alembic_version.version_num = '27c6a30d7c24';

UPDATE alembic_version SET version_num='4a3b2c1d0e9f' WHERE alembic_version.version_num = '34f5a2b1c0de';

-- Running upgrade 4a3b2c1d0e9f -> 5b6c7d8e9f01

COMMIT;

CREATE INDEX CONCURRENTLY posts_author ON posts (author);

BEGIN;

UPDATE alembic_version SET version_num='5b6c7d8e9f01' WHERE alembic_version.version_num = '4a3b2c1d0e9f';

-- Running upgrade 5b6c7d8e9f01 -> 6c7d8e9f0102

ALTER TABLE users ADD COLUMN email text;

UPDATE alembic_version SET version_num='6c7d8e9f0102' WHERE alembic_version.version_num = '5b6c7d8e9f01';

COMMIT;

