-- What a term of emission is a part of: pool, weight, sum of weights, cap; and what of it went to delegators.
ALTER TABLE view.reward_line ADD COLUMN basis jsonb;
ALTER TABLE view.reward_line ADD COLUMN to_delegators numeric(78, 0);
