CREATE OR REPLACE VIEW post_titles AS SELECT title FROM posts;
