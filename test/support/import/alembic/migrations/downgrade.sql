BEGIN;

-- Running downgrade 6c7d8e9f0102 -> 5b6c7d8e9f01

SELECT 'down 6c7d8e9f0102';

UPDATE alembic_version SET version_num='5b6c7d8e9f01' WHERE alembic_version.version_num = '6c7d8e9f0102';

-- Running downgrade 5b6c7d8e9f01 -> 4a3b2c1d0e9f

SELECT 'down 5b6c7d8e9f01';

UPDATE alembic_version SET version_num='4a3b2c1d0e9f' WHERE alembic_version.version_num = '5b6c7d8e9f01';

-- Running downgrade 4a3b2c1d0e9f -> 27c6a30d7c24, 34f5a2b1c0de

SELECT 'down 4a3b2c1d0e9f';

INSERT INTO alembic_version (version_num) VALUES ('34f5a2b1c0de') RETURNING alembic_version.version_num;

UPDATE alembic_version SET version_num='27c6a30d7c24' WHERE alembic_version.version_num = '4a3b2c1d0e9f';

-- Running downgrade 27c6a30d7c24 -> 1975ea83b712

SELECT 'down 27c6a30d7c24';

DELETE FROM alembic_version WHERE alembic_version.version_num = '27c6a30d7c24';

-- Running downgrade 34f5a2b1c0de -> 1975ea83b712

SELECT 'down 34f5a2b1c0de';

UPDATE alembic_version SET version_num='1975ea83b712' WHERE alembic_version.version_num = '34f5a2b1c0de';

-- Running downgrade 1975ea83b712 -> 

SELECT 'down 1975ea83b712';

DELETE FROM alembic_version WHERE alembic_version.version_num = '1975ea83b712';

COMMIT;

