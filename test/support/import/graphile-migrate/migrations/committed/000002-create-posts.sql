--! Previous: sha1:c3a1246596e95bd39ea5f57a03d9d15af0bdafb3
--! Hash: sha1:7aaec9c1049f31d2b86b2d49ad6323c3383cdd39
--! Message: create-posts

CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
