-- migrate:up
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE FUNCTION post_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  -- counts; does not guess
  RETURN (SELECT count(*) FROM posts);
END;
$$;

-- migrate:down
DROP FUNCTION post_count();
DROP TABLE posts;
