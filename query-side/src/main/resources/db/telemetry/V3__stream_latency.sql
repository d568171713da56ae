-- How long pieces of a container's streams took from the container until the server had them; 0 where there was none.

ALTER TABLE telemetry.task_usage
    ADD COLUMN stream_pieces        bigint NOT NULL DEFAULT 0,
    ADD COLUMN stream_median_micros bigint NOT NULL DEFAULT 0,
    ADD COLUMN stream_p99_micros    bigint NOT NULL DEFAULT 0;
