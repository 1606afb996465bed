CREATE INDEX CONCURRENTLY posts_author ON posts (author);
