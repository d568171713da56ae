-- How the checkers' pools shared rewards in each epoch whose books are open.
CREATE TABLE saga.live_epoch_pools PARTITION OF saga.live_row FOR VALUES IN ('live_epoch_pools');
