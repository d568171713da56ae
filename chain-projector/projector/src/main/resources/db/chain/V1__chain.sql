-- What the projector knows of the chain and owes to it. One row tables have id = 1.

CREATE TABLE stream (
    id          int PRIMARY KEY CHECK (id = 1),
    submitter   text        NOT NULL,
    base_nonce  bigint      NOT NULL,
    halted      text,
    halted_at   timestamptz
);

CREATE TABLE network (
    id            int PRIMARY KEY CHECK (id = 1),
    chain_id      bigint      NOT NULL,
    genesis       timestamptz NOT NULL,
    slot_millis   bigint,
    epoch_millis  bigint
);

CREATE TABLE epoch (
    epoch      bigint PRIMARY KEY,
    opened_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL
);

CREATE TABLE cursor (
    id            int PRIMARY KEY CHECK (id = 1),
    block_number  bigint NOT NULL,
    block_hash    text   NOT NULL,
    inbound       bigint NOT NULL
);

CREATE TABLE inbound (
    number       bigint PRIMARY KEY,
    kind         smallint       NOT NULL,
    beneficiary  text           NOT NULL,
    amount       numeric(78, 0) NOT NULL,
    transaction  text           NOT NULL,
    block        bigint         NOT NULL
);

CREATE TABLE item (
    job        text   NOT NULL,
    task       int    NOT NULL,
    epoch      bigint NOT NULL,
    leaf       bytea  NOT NULL,
    cost       numeric(78, 0) NOT NULL,
    batch      bigint,
    PRIMARY KEY (job, task)
);
CREATE INDEX item_open ON item (epoch, job, task) WHERE batch IS NULL;

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

CREATE TABLE approval (
    seq        bigint NOT NULL,
    signer     text   NOT NULL,
    signature  text   NOT NULL,
    PRIMARY KEY (seq, signer)
);

CREATE TABLE signer (
    version  int  NOT NULL,
    wallet   text NOT NULL,
    quorum   int  NOT NULL,
    PRIMARY KEY (version, wallet)
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
    sent_at       timestamptz    NOT NULL,
    PRIMARY KEY (seq, number)
);
