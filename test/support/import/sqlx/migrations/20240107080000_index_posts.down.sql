-- no-transaction
DROP INDEX CONCURRENTLY posts_author;
