-- What Drizzle ORM 1.0.0-rc.5 left behind after it had applied all but the last migration.
CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (
    id integer NOT NULL,
    hash text NOT NULL,
    created_at bigint,
    name text,
    applied_at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE drizzle.__drizzle_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE drizzle.__drizzle_migrations_id_seq OWNED BY drizzle.__drizzle_migrations.id;
CREATE TABLE public.posts (
    id bigint NOT NULL,
    author bigint NOT NULL,
    title text NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    name text NOT NULL,
    email text
);
ALTER TABLE ONLY drizzle.__drizzle_migrations ALTER COLUMN id SET DEFAULT nextval('drizzle.__drizzle_migrations_id_seq'::regclass);
INSERT INTO drizzle.__drizzle_migrations VALUES (1, 'd29c3d4846646dfb692fb599bb3c7f33d19b3e7203100a73fdfcd1df655dd6da', 1795383394000, '20261122213634_step1', '2026-11-22 21:37:43.660617+00');
INSERT INTO drizzle.__drizzle_migrations VALUES (2, '9001208c8bd5f809742ffa899c9c7f9cbef10542ed26e5c23dc3c4d2e43640a3', 1795383396000, '20261122213636_step2', '2026-11-22 21:37:43.660617+00');
INSERT INTO drizzle.__drizzle_migrations VALUES (3, '9fb44245b4e2c1beb6ca10cff6108d083b9210af671d76d018255aa301dc9b69', 1795383399000, '20261122213639_step3', '2026-11-22 21:37:43.660617+00');
SELECT pg_catalog.setval('drizzle.__drizzle_migrations_id_seq', 3, true);
ALTER TABLE ONLY drizzle.__drizzle_migrations
    ADD CONSTRAINT __drizzle_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_users_id_fkey FOREIGN KEY (author) REFERENCES public.users(id);
