-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY posts_author ON posts (author);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY posts_author;
