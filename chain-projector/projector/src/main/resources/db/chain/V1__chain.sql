-- What the projector knows of the chain and owes to it. Tables of one row have id = 1.

-- Written by the processor chain-outbox from events, in the transaction of its token.

CREATE TABLE network (
    id            int PRIMARY KEY CHECK (id = 1),
    chain_id      bigint      NOT NULL,
    genesis       timestamptz NOT NULL,
    epoch_millis  bigint
);

CREATE TABLE epoch (
    epoch      bigint PRIMARY KEY,
    opened_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL
);

-- The vault's transfers as the log took them, under the vault's own number.
CREATE TABLE inbound (
    number       bigint PRIMARY KEY,
    kind         smallint       NOT NULL,
    beneficiary  text           NOT NULL,
    amount       numeric(78, 0) NOT NULL,
    transaction  text           NOT NULL,
    block        bigint         NOT NULL
);

CREATE TABLE item (
    job    text           NOT NULL COLLATE "C",
    task   int            NOT NULL,
    epoch  bigint         NOT NULL,
    leaf   bytea          NOT NULL,
    batch  bigint,
    PRIMARY KEY (job, task)
);
CREATE INDEX item_open ON item (epoch, job, task) WHERE batch IS NULL;
CREATE INDEX item_batch ON item (batch, job, task) WHERE batch IS NOT NULL;

-- Sealed by the processor; its state is the projector's.
CREATE TABLE batch (
    seq          bigint PRIMARY KEY,
    epoch        bigint         NOT NULL,
    previous     text           NOT NULL,
    root         text           NOT NULL,
    count        int            NOT NULL,
    total        numeric(78, 0) NOT NULL,
    event_index  bigint         NOT NULL,
    state        text           NOT NULL,
    set_version  int,
    transaction  text,
    block        bigint,
    block_hash   text
);
CREATE INDEX batch_open ON batch (seq) WHERE state <> 'FINAL';

-- Written by the projector.

-- A part that is stopped until an operator resumes it.
CREATE TABLE halt (
    part    text PRIMARY KEY,
    reason  text        NOT NULL,
    since   timestamptz NOT NULL
);

-- How far the chain was read, and the newest transfer up to there.
CREATE TABLE scan (
    id            int PRIMARY KEY CHECK (id = 1),
    block_number  bigint NOT NULL,
    block_hash    text   NOT NULL,
    inbound       bigint NOT NULL
);

-- The epoch that was last ordered to open: a restart repeats that order and makes no other.
CREATE TABLE opening (
    id         int PRIMARY KEY CHECK (id = 1),
    epoch      bigint      NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL
);

CREATE TABLE submitter (
    id          int PRIMARY KEY CHECK (id = 1),
    wallet      text   NOT NULL,
    base_nonce  bigint NOT NULL
);

-- The signer sets that final blocks installed.
CREATE TABLE signer (
    version  int  NOT NULL,
    wallet   text NOT NULL,
    quorum   int  NOT NULL,
    PRIMARY KEY (version, wallet)
);

CREATE TABLE approval (
    seq        bigint NOT NULL,
    signer     text   NOT NULL,
    signature  text   NOT NULL,
    PRIMARY KEY (seq, signer)
);

-- What was signed, before it is sent: a restart sends the same bytes again.
CREATE TABLE attempt (
    seq           bigint NOT NULL,
    number        int    NOT NULL,
    nonce         bigint NOT NULL,
    raw           text   NOT NULL,
    transaction   text   NOT NULL,
    max_fee       numeric(78, 0) NOT NULL,
    priority_fee  numeric(78, 0) NOT NULL,
    waits_since   timestamptz    NOT NULL,
    PRIMARY KEY (seq, number)
);
