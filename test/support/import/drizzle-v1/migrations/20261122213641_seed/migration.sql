-- Custom SQL migration file, put your code below! --
INSERT INTO users (id, name) VALUES (1, 'Ada; Lovelace');
