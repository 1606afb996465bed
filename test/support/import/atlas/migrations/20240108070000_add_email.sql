-- atlas:delimiter \n\n
ALTER TABLE users ADD COLUMN email text

COMMENT ON COLUMN users.email IS 'a;b'
