--! Previous: sha1:7aaec9c1049f31d2b86b2d49ad6323c3383cdd39
--! Hash: sha1:cea84c9abe319a807620dfbd811a1d95b0086757
--! Message: index-posts

--! no-transaction
CREATE INDEX CONCURRENTLY posts_author ON posts (author);
