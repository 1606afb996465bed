-- Up Migration
CREATE INDEX posts_author ON posts (author);

-- Down Migration
DROP INDEX posts_author;
