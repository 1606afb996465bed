-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY posts_author ON posts (author);

-- +goose Down
DROP INDEX CONCURRENTLY posts_author;
