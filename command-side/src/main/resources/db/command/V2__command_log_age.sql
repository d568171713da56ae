-- Old answers are forgotten by their time; rows come in its order, so that a few bytes a page are enough to find them.
CREATE INDEX command_log_at ON command.command_log USING brin (at);
