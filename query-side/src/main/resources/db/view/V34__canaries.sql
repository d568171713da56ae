-- The mystery shopper's plans, an epoch each: their digests, and the plans once they are opened.
CREATE TABLE view.canary (
    epoch        bigint PRIMARY KEY,
    commitment   text           NOT NULL,
    committed_at timestamptz    NOT NULL,
    plan         jsonb,
    orders       jsonb          NOT NULL,
    paid         numeric(78, 0) NOT NULL,
    opened_at    timestamptz,
    as_of        bigint         NOT NULL
);
