-- What Alembic 1.20.1 left behind after it had applied all but the last revision.
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.post_tags (
    post bigint,
    tag bigint
);
CREATE TABLE public.posts (
    id bigint NOT NULL,
    author bigint
);
CREATE TABLE public.tags (
    id bigint NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    name text NOT NULL
);
INSERT INTO public.alembic_version VALUES ('5b6c7d8e9f01');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX posts_author ON public.posts USING btree (author);
ALTER TABLE ONLY public.post_tags
    ADD CONSTRAINT post_tags_post_fkey FOREIGN KEY (post) REFERENCES public.posts(id);
ALTER TABLE ONLY public.post_tags
    ADD CONSTRAINT post_tags_tag_fkey FOREIGN KEY (tag) REFERENCES public.tags(id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES public.users(id);
