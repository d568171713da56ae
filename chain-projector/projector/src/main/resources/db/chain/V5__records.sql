-- The log of records that the contracts prove from, in the history's order; one an event at most.
CREATE TABLE record (
    position     bigint PRIMARY KEY,
    event_index  bigint   NOT NULL UNIQUE,
    kind         smallint NOT NULL,
    subject      text     NOT NULL,
    leaf         bytea    NOT NULL,
    detail       text
);
CREATE INDEX record_subject ON record (kind, subject);

-- States of that log which a quorum signs, fixed when their epoch closed.
CREATE TABLE checkpoint (
    number  bigint PRIMARY KEY,
    epoch   bigint NOT NULL UNIQUE,
    size    bigint NOT NULL,
    root    text   NOT NULL,
    seq     bigint NOT NULL
);

-- Revealed reports, kept for some days, and for good where a case rests on their round.
CREATE TABLE report (
    round      text    NOT NULL,
    checker    text    NOT NULL,
    epoch      bigint  NOT NULL,
    report     text    NOT NULL,
    signature  text    NOT NULL,
    kept       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (round, checker)
);
CREATE INDEX report_age ON report (epoch) WHERE NOT kept;

-- Written by the leading node: penalties that a final block took, and matches that were refuted and whether an operator
-- has seen them.
CREATE TABLE penalty (
    penalty_case  text PRIMARY KEY,
    amount        numeric(78, 0) NOT NULL,
    block         bigint         NOT NULL
);

CREATE TABLE refuted_match (
    job_key   text   NOT NULL,
    fence     int    NOT NULL,
    finding   text   NOT NULL,
    reporter  text   NOT NULL,
    block     bigint NOT NULL,
    seen      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (job_key, fence)
);
