-- When a file was uploaded last; of older rows it is not known, so their time begins now.
ALTER TABLE api.upload ADD COLUMN at timestamptz NOT NULL DEFAULT now();

-- When each kind of old things was forgotten last, so that one node does it and not all.
CREATE TABLE api.sweep (
    what text PRIMARY KEY,
    at   timestamptz NOT NULL
);
