-- Add up migration script here
ALTER TABLE users ADD COLUMN email text;
