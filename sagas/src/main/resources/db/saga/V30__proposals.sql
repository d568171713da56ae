-- Proposals, and the voting power of the moment at which each was submitted, until its vote is over.
CREATE TABLE saga.live_proposal PARTITION OF saga.live_row FOR VALUES IN ('live_proposal');
CREATE TABLE saga.live_power PARTITION OF saga.live_row FOR VALUES IN ('live_power');
