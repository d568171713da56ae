-- The case's own state, from which its next event is folded. A row that is older than this column has none: its next
-- event becomes a dead letter, which a rebuild of the views takes in.
ALTER TABLE view.penalty_case ADD COLUMN state jsonb;
