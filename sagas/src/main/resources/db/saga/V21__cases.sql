-- Penalty cases, open or still counting towards the limits.
CREATE TABLE saga.live_case PARTITION OF saga.live_row FOR VALUES IN ('live_case');
