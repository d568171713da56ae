-- Who serves, and which machines were heard of where: nodes tell each other, so that a machine which speaks to one node
-- is not taken for silent by another. Seconds old at most, so nothing is lost with it.
CREATE UNLOGGED TABLE api.node (
    node    uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
);

CREATE UNLOGGED TABLE api.contact (
    machine uuid PRIMARY KEY,
    node    uuid        NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX contact_at ON api.contact (at);
