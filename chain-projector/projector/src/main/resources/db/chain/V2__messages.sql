-- What a quorum signs and the submitter sends: batches, roots of withdrawals and signer sets, all in one table of states.
CREATE TABLE message (
    kind         text   NOT NULL,
    number       bigint NOT NULL,
    event_index  bigint NOT NULL,
    state        text   NOT NULL,
    set_version  int,
    transaction  text,
    block        bigint,
    block_hash   text,
    gas_used     bigint,
    PRIMARY KEY (kind, number)
);
CREATE INDEX message_open ON message (event_index, number) WHERE state <> 'FINAL';
INSERT INTO message SELECT 'BATCH', seq, event_index, state, set_version, transaction, block, block_hash FROM batch;
DROP INDEX batch_open;
ALTER TABLE batch DROP COLUMN event_index, DROP COLUMN state, DROP COLUMN set_version, DROP COLUMN transaction,
    DROP COLUMN block, DROP COLUMN block_hash;

ALTER TABLE approval DROP CONSTRAINT approval_pkey;
ALTER TABLE approval RENAME COLUMN seq TO number;
ALTER TABLE approval ADD COLUMN kind text NOT NULL DEFAULT 'BATCH';
ALTER TABLE approval ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE approval ADD PRIMARY KEY (kind, number, signer);

ALTER TABLE attempt DROP CONSTRAINT attempt_pkey;
ALTER TABLE attempt RENAME COLUMN number TO attempt;
ALTER TABLE attempt RENAME COLUMN seq TO number;
ALTER TABLE attempt ADD COLUMN kind text NOT NULL DEFAULT 'BATCH';
ALTER TABLE attempt ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE attempt ADD PRIMARY KEY (kind, number, attempt);

-- The nonce of the next message that is signed; those before it are each some message's.
ALTER TABLE submitter RENAME COLUMN base_nonce TO next_nonce;
UPDATE submitter SET next_nonce = next_nonce + (SELECT count(DISTINCT number) FROM attempt);

ALTER TABLE signer ADD COLUMN by_admin boolean NOT NULL DEFAULT false;

-- Written by the processor chain-outbox: the parameters that days and draws need, and the candidates that were frozen.
ALTER TABLE network ADD COLUMN parameters text;
ALTER TABLE epoch ADD COLUMN eligible text;

-- Signer sets as they were drawn, one a settlement day.
CREATE TABLE draw (
    epoch        bigint PRIMARY KEY,
    signers      text[] NOT NULL,
    quorum       int    NOT NULL,
    event_index  bigint NOT NULL
);

-- Which draw becomes which version on chain; written by the projector.
CREATE TABLE rotation (
    version  int PRIMARY KEY,
    epoch    bigint NOT NULL
);

-- What accounts asked to withdraw and what the vault paid them, cumulative.
CREATE TABLE withdrawal (
    wallet     text PRIMARY KEY,
    requested  numeric(78, 0) NOT NULL,
    paid       numeric(78, 0) NOT NULL DEFAULT 0
);

CREATE TABLE paid (
    wallet  text           NOT NULL,
    paid    numeric(78, 0) NOT NULL,
    amount  numeric(78, 0) NOT NULL,
    block   bigint         NOT NULL,
    PRIMARY KEY (wallet, paid)
);

-- Roots of withdrawals, fixed when their epoch closed. The times are the vault's, from final blocks.
CREATE TABLE payout (
    number     bigint PRIMARY KEY,
    epoch      bigint         NOT NULL,
    root       text           NOT NULL,
    count      int            NOT NULL,
    total      numeric(78, 0) NOT NULL,
    seq        bigint         NOT NULL,
    rooted     boolean        NOT NULL DEFAULT false,
    active_at  timestamptz,
    late_at    timestamptz,
    disabled   boolean        NOT NULL DEFAULT false
);

CREATE TABLE payout_leaf (
    number      bigint         NOT NULL,
    position    int            NOT NULL,
    wallet      text           NOT NULL,
    cumulative  numeric(78, 0) NOT NULL,
    PRIMARY KEY (number, position)
);
CREATE INDEX payout_leaf_wallet ON payout_leaf (wallet, number);

ALTER TABLE scan ADD COLUMN claims bigint NOT NULL DEFAULT 0;
