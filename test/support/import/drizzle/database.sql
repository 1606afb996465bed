-- What Drizzle ORM 0.45.4 left behind after it had applied all but the last migration.
CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (
    id integer NOT NULL,
    hash text NOT NULL,
    created_at bigint
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
INSERT INTO drizzle.__drizzle_migrations VALUES (1, '32549de1bf9b752b98f1a1d4860ac2fd7d94297c68b1ac2ad2f3b7f9621454a1', 1795383402182);
INSERT INTO drizzle.__drizzle_migrations VALUES (2, 'c70273e11a0edafaecc633fdc5b469a44e051c718a756de53ef7b7918ecf313e', 1795383404225);
INSERT INTO drizzle.__drizzle_migrations VALUES (3, '9fb44245b4e2c1beb6ca10cff6108d083b9210af671d76d018255aa301dc9b69', 1795383406081);
SELECT pg_catalog.setval('drizzle.__drizzle_migrations_id_seq', 3, true);
ALTER TABLE ONLY drizzle.__drizzle_migrations
    ADD CONSTRAINT __drizzle_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_users_id_fk FOREIGN KEY (author) REFERENCES public.users(id);
