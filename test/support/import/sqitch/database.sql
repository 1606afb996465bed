-- Written by Sqitch's documentation: its registry after all changes but the last.
CREATE SCHEMA app;
CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE app.tags (id bigint PRIMARY KEY, word text NOT NULL UNIQUE);
CREATE TABLE app.posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES app.users, title text NOT NULL);
CREATE SCHEMA sqitch;
CREATE TABLE sqitch.projects (
    project text PRIMARY KEY,
    uri text UNIQUE,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    creator_name text NOT NULL,
    creator_email text NOT NULL
);
CREATE TABLE sqitch.changes (
    change_id text PRIMARY KEY,
    script_hash text,
    change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects(project) ON UPDATE CASCADE,
    note text DEFAULT ''::text NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL,
    UNIQUE (project, script_hash)
);
INSERT INTO sqitch.projects VALUES
    ('shop', 'https://example.com/shop/', '2024-01-09 10:00:00+00', 'Ada Lovelace', 'ada@example.com'),
    ('billing', NULL, '2024-01-09 10:00:00+00', 'Ada Lovelace', 'ada@example.com');
INSERT INTO sqitch.changes VALUES
    ('a1', 'h1', 'accounts', 'billing', '', '2024-01-09 10:00:01+00', 'Ada', 'ada@example.com', '2024-01-05 09:00:00+00', 'Ada', 'ada@example.com'),
    ('a2', 'h2', 'app', 'shop', '', '2024-01-09 10:00:02+00', 'Ada', 'ada@example.com', '2024-01-05 09:30:00+00', 'Ada', 'ada@example.com'),
    ('a3', 'h3', 'users', 'shop', '', '2024-01-09 10:00:03.5+00', 'Ada', 'ada@example.com', '2024-01-05 09:30:00+00', 'Ada', 'ada@example.com'),
    ('a4', 'h4', 'tags', 'shop', '', '2024-01-09 10:00:04+00', 'Ada', 'ada@example.com', '2024-01-06 10:15:30+00', 'Ada', 'ada@example.com'),
    ('a5', 'h5', 'posts', 'shop', '', '2024-01-09 10:00:05+00', 'Ada', 'ada@example.com', '2024-01-07 08:00:00+00', 'Ada', 'ada@example.com');
