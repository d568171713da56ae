-- Times in which the guardian stopped new work.
CREATE TABLE view.network_pause (
    global_index bigint PRIMARY KEY,
    guardian     text NOT NULL,
    why          text NOT NULL,
    at           timestamptz NOT NULL,
    until        timestamptz NOT NULL
);
