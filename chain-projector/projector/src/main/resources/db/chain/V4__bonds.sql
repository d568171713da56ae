-- Pools in custody and in the ledger, as of the event as_of; released only rises.
CREATE TABLE pool_bond (
    pool      text PRIMARY KEY,
    bonded    numeric(78, 0) NOT NULL,
    balance   numeric(78, 0) NOT NULL,
    released  numeric(78, 0) NOT NULL DEFAULT 0,
    as_of     bigint         NOT NULL
);

-- What the vault released, from final blocks; written by the leading node.
CREATE TABLE bond_release (
    pool      text           NOT NULL,
    released  numeric(78, 0) NOT NULL,
    amount    numeric(78, 0) NOT NULL,
    block     bigint         NOT NULL,
    PRIMARY KEY (pool, released)
);

-- A leaf's holder is an account or a pool.
ALTER TABLE payout_leaf RENAME COLUMN wallet TO holder;
ALTER INDEX payout_leaf_wallet RENAME TO payout_leaf_holder;
