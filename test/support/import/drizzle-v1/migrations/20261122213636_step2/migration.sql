CREATE TABLE "posts" (
	"id" bigint PRIMARY KEY,
	"author" bigint NOT NULL,
	"title" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_users_id_fkey" FOREIGN KEY ("author") REFERENCES "users"("id");