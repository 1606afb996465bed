-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION post_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM posts);
END;
$$;
-- +goose StatementEnd
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);

-- +goose Down
DROP TABLE posts;
DROP FUNCTION post_count();
