-- What is not over, kept by the processor saga-live in its token's transaction.
CREATE SCHEMA IF NOT EXISTS saga;

-- As of which event the live rows are; at least what the processor's token says.
CREATE TABLE saga.live_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    index bigint NOT NULL
);
INSERT INTO saga.live_position (index) VALUES (0);

-- One row an entity: the domain's own state as JSON.
CREATE TABLE saga.live_row (
    kind text NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (kind, key)
) PARTITION BY LIST (kind);
CREATE TABLE saga.live_task PARTITION OF saga.live_row FOR VALUES IN ('live_task');
CREATE TABLE saga.live_machine PARTITION OF saga.live_row FOR VALUES IN ('live_machine');
CREATE TABLE saga.live_round PARTITION OF saga.live_row FOR VALUES IN ('live_round');
CREATE TABLE saga.live_epoch PARTITION OF saga.live_row FOR VALUES IN ('live_epoch');
CREATE TABLE saga.live_provider PARTITION OF saga.live_row FOR VALUES IN ('live_provider');
CREATE TABLE saga.live_checker PARTITION OF saga.live_row FOR VALUES IN ('live_checker');
CREATE TABLE saga.live_pool PARTITION OF saga.live_row FOR VALUES IN ('live_pool');
CREATE TABLE saga.live_network PARTITION OF saga.live_row FOR VALUES IN ('live_network');

-- An epoch's books, kept before its rewards are sent; the epoch's stream names the root of those that count.
CREATE TABLE saga.books (
    epoch bigint NOT NULL,
    root text NOT NULL,
    body text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (epoch, root)
);

-- Instances that failed too often and wait for an operator.
CREATE TABLE saga.parked (
    instance text PRIMARY KEY,
    failures int NOT NULL,
    error text NOT NULL,
    since timestamptz NOT NULL
);
