-- Written by Flyway's documentation: its table after all versioned migrations but the last.
CREATE TABLE public.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.posts (id bigint PRIMARY KEY, author bigint NOT NULL REFERENCES public.users, title text NOT NULL);
CREATE INDEX posts_author ON public.posts (author);
CREATE VIEW public.post_titles AS SELECT title FROM public.posts;
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
INSERT INTO public.flyway_schema_history VALUES
    (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"public"', NULL, 'app', '2024-01-05 09:30:00', 0, true),
    (1, '1', 'create users', 'SQL', 'V1__create_users.sql', -1458087055, 'app', '2024-01-05 09:30:01.25', 12, true),
    (2, '1.1', 'create posts', 'SQL', '2024/V1.1__create_posts.sql', 1285062299, 'app', '2024-01-06 10:15:30', 9, true),
    (3, '1.1', 'create posts', 'UNDO_SQL', 'U1.1__create_posts.sql', 11, 'app', '2024-01-06 10:16:00', 9, true),
    (4, '1.1', 'create posts', 'SQL', '2024/V1.1__create_posts.sql', 1285062299, 'app', '2024-01-06 10:17:30', 9, true),
    (5, '1.2', 'index posts', 'SQL', '2024/V1_2__index_posts.sql', 928096451, 'app', '2024-01-07 08:00:00', 31, true),
    (6, NULL, 'post titles', 'SQL', 'R__post_titles.sql', 99481723, 'app', '2024-01-07 08:00:01', 3, true);
