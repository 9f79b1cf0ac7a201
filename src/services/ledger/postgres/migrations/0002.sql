-- What a tool that answers with words is told besides, and its words.
ALTER TABLE generations ADD COLUMN tool_options TEXT;
ALTER TABLE tasks ADD COLUMN answer TEXT
