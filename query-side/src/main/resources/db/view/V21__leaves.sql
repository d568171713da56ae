-- The leaves of an epoch's batches, by kind, task and fence (0 for a settlement).
ALTER TABLE view.settlement_leaf RENAME TO leaf;
ALTER TABLE view.leaf ADD COLUMN kind int NOT NULL DEFAULT 1, ADD COLUMN fence int NOT NULL DEFAULT 0;
ALTER TABLE view.leaf ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN fence DROP DEFAULT;
ALTER TABLE view.leaf DROP CONSTRAINT settlement_leaf_pkey;
ALTER TABLE view.leaf ADD PRIMARY KEY (epoch, kind, job, task, fence);
CREATE INDEX leaf_of_task ON view.leaf (job, task, kind, fence);

CREATE TABLE view.newest_epoch (
    one   int PRIMARY KEY,
    epoch bigint NOT NULL
);
