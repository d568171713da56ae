-- What each sender has stored, so that nobody fills the store for the others. Uploads from before count once they are sent again.
ALTER TABLE api.upload ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
CREATE INDEX upload_wallet ON api.upload (wallet);
CREATE INDEX evidence_checker ON api.evidence (checker, at);

CREATE TABLE api.output (
    lease  text        NOT NULL,
    digest text        NOT NULL,
    bytes  bigint      NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (lease, digest)
);
