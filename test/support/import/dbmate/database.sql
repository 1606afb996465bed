-- What dbmate 2.36.0 left behind after it had applied all but the last migration.
CREATE FUNCTION public.post_count() RETURNS bigint
    LANGUAGE plpgsql
    AS $$
BEGIN
  -- counts; does not guess
  RETURN (SELECT count(*) FROM posts);
END;
$$;
CREATE TABLE public.posts (
    id bigint NOT NULL,
    author bigint NOT NULL,
    title text NOT NULL
);
CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    name text DEFAULT 'a; b'::text NOT NULL
);
ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
INSERT INTO public.schema_migrations VALUES ('20261122213351');
INSERT INTO public.schema_migrations VALUES ('20261122213352');
INSERT INTO public.schema_migrations VALUES ('20261122213354');
SELECT pg_catalog.setval('public.users_id_seq', 1, false);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX posts_author ON public.posts USING btree (author);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES public.users(id);
