--liquibase formatted sql

--changeset ada:add-email
ALTER TABLE users ADD COLUMN email text;
--rollback ALTER TABLE users DROP COLUMN email;
