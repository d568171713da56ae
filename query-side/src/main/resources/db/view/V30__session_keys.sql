-- Session keys: one row for each key that a wallet ever let sign for it. In a database that is older than this table it
-- knows the keys authorised from now on; a rebuild of the views brings the others.
CREATE TABLE view.session_key (
    wallet        text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,
    scopes        jsonb            NOT NULL,
    spend_limit   numeric(78, 0)   NOT NULL,
    spent         numeric(78, 0)   NOT NULL,
    authorised_at timestamptz      NOT NULL,
    expires_at    timestamptz      NOT NULL,
    revoked_at    timestamptz,
    as_of         bigint           NOT NULL,
    PRIMARY KEY (wallet, key)
);
