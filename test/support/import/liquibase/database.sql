-- Written by hand after CreateDatabaseChangeLogTableGenerator.java of Liquibase, as if all but the last migration were applied.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES users, title text NOT NULL);
CREATE INDEX posts_author ON posts (author);
CREATE TABLE databasechangelog (id varchar(255) NOT NULL, author varchar(255) NOT NULL, filename varchar(255) NOT NULL, dateexecuted timestamp NOT NULL,
  orderexecuted int NOT NULL, exectype varchar(10) NOT NULL, md5sum varchar(35), description varchar(255), comments varchar(255), tag varchar(255),
  liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id varchar(10));
INSERT INTO databasechangelog VALUES
  ('create-users', 'ada', 'db/changelog/001_users.sql', '2024-01-09 10:00:01', 1, 'EXECUTED', '9:1', 'sql', '', NULL, '4.33.0', NULL, NULL, '4793441234'),
  ('create-posts', 'ada', 'classpath:db/changelog/001_users.sql', '2024-01-09 10:00:02', 2, 'MARK_RAN', '9:2', 'sql', '', NULL, '4.33.0', NULL, NULL, '4793441234'),
  ('3', 'ada', '001_users.sql', '2024-01-09 10:00:03', 3, 'RERAN', '9:3', 'sql', '', NULL, '4.33.0', NULL, NULL, '4793441234');
