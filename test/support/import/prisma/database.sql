-- What Prisma's schema engine 8.1.0-2 left behind after it had applied all but the last migration.
CREATE TABLE public."Post" (
    id integer NOT NULL,
    title text NOT NULL,
    "authorId" integer NOT NULL
);
CREATE TABLE public."User" (
    id integer NOT NULL,
    name text NOT NULL
);
CREATE SEQUENCE public."User_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public."User_id_seq" OWNED BY public."User".id;
CREATE TABLE public._prisma_migrations (
    id character varying(36) NOT NULL,
    checksum character varying(64) NOT NULL,
    finished_at timestamp with time zone,
    migration_name character varying(255) NOT NULL,
    logs text,
    rolled_back_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_steps_count integer DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public."User" ALTER COLUMN id SET DEFAULT nextval('public."User_id_seq"'::regclass);
INSERT INTO public._prisma_migrations VALUES ('93f71808-3ed2-4ded-94c3-23c93fc6d78a', '23fa12323005545204f32b2aa91e856f4596b3fc8b54895de103de713b6aa0d7', '2026-11-22 21:39:17.179+00', '20240105093000_create_users', NULL, NULL, '2026-11-22 21:39:17.17+00', 1);
INSERT INTO public._prisma_migrations VALUES ('2e2cb517-6145-45ac-a6be-c18dcc9f585a', '4abfe7be79c30ea6fb7c4c5d6e620b9143d0a1d468f6e908ace5044b4c28518c', '2026-11-22 21:39:17.188+00', '20240106101530_create_posts', NULL, NULL, '2026-11-22 21:39:17.181+00', 1);
INSERT INTO public._prisma_migrations VALUES ('a7d47f8c-75f1-41ef-a50c-7ba812ed9b20', '70745cac2595a9db30972d204b598a44b04888d4827418b2fc893d20db86d08d', '2026-11-22 21:39:17.212+00', '20240107080000_index_posts', NULL, NULL, '2026-11-22 21:39:17.192+00', 1);
SELECT pg_catalog.setval('public."User_id_seq"', 1, false);
ALTER TABLE ONLY public."Post"
    ADD CONSTRAINT "Post_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."User"
    ADD CONSTRAINT "User_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
CREATE INDEX "Post_authorId_idx" ON public."Post" USING btree ("authorId");
ALTER TABLE ONLY public."Post"
    ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES public."User"(id) ON UPDATE CASCADE ON DELETE RESTRICT;
