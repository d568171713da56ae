-- Leases whose matches are in no closed epoch's batches yet.
CREATE TABLE saga.live_lease PARTITION OF saga.live_row FOR VALUES IN ('live_lease');
