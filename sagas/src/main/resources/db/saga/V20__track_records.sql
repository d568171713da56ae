-- How each checker has done in its rounds.
CREATE TABLE saga.live_track_record PARTITION OF saga.live_row FOR VALUES IN ('live_track_record');
