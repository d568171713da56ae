-- Events that an operator gave up: not a view, so a rebuild leaves it.
CREATE TABLE view.dropped_letter (
    projection   text        NOT NULL,
    global_index bigint      NOT NULL,
    stream       text        NOT NULL,
    event        text        NOT NULL,
    cause        text        NOT NULL,
    reason       text        NOT NULL,
    dropped_by   text        NOT NULL,
    dropped_at   timestamptz NOT NULL,
    PRIMARY KEY (projection, global_index, dropped_at)
);
