---- tern: disable-tx ----
CREATE INDEX CONCURRENTLY posts_author ON posts (author);

---- create above / drop below ----
---- tern: disable-tx ----
DROP INDEX CONCURRENTLY posts_author;
