-- Statements: one row a term of what a wallet earned, shared, locked and freed.
CREATE TABLE view.reward_line (
    global_index bigint           NOT NULL,
    line         int              NOT NULL,
    wallet       text COLLATE "C" NOT NULL,
    epoch        bigint           NOT NULL,
    kind         text             NOT NULL,
    source       text             NOT NULL,
    amount       numeric(78, 0)   NOT NULL,
    at           timestamptz      NOT NULL,
    PRIMARY KEY (global_index, line)
);
CREATE INDEX reward_line_wallet ON view.reward_line (wallet, global_index, line);

ALTER TABLE view.account ADD COLUMN vesting numeric(78, 0) NOT NULL DEFAULT 0;
