-- What the command side must know besides the streams; written in the events' own transaction.
-- Accepted orders from outside, so that a repeat gets the first answer.
CREATE TABLE command.command_log (
    command_id  uuid        NOT NULL PRIMARY KEY,
    fingerprint text        NOT NULL,
    outcome     jsonb       NOT NULL,
    at          timestamptz NOT NULL
);

-- Things that exist once in the network and who holds them, such as gpu:<uuid> by machine/<id>.
CREATE TABLE command.uniqueness (
    key   text        NOT NULL PRIMARY KEY,
    owner text        NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX uniqueness_owner ON command.uniqueness (owner);
