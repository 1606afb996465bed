SELECT id, author, title FROM app.posts WHERE false;
