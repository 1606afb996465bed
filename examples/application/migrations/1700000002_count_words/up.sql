ALTER TABLE notes ADD COLUMN words integer;
UPDATE notes SET words = array_length(string_to_array(body, ' '), 1);
