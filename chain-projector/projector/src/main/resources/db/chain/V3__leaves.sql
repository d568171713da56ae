-- Leaves of every kind: settlements (fence 0), then matches, then agreements, each by task and fence.
ALTER TABLE item ADD COLUMN kind smallint NOT NULL DEFAULT 1, ADD COLUMN fence int NOT NULL DEFAULT 0;
ALTER TABLE item ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN fence DROP DEFAULT;
DROP INDEX item_open;
DROP INDEX item_batch;
ALTER TABLE item DROP CONSTRAINT item_pkey;
ALTER TABLE item ADD PRIMARY KEY (kind, job, task, fence);
CREATE INDEX item_open ON item (epoch, kind, job, task, fence) WHERE batch IS NULL;
CREATE INDEX item_batch ON item (batch, kind, job, task, fence) WHERE batch IS NOT NULL;
