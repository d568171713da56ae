-- The event log itself among the records: its leaf and the root over it come when all lines up to it are hashed.
ALTER TABLE record ALTER COLUMN leaf DROP NOT NULL;
ALTER TABLE checkpoint ALTER COLUMN root DROP NOT NULL;
ALTER TABLE checkpoint ADD COLUMN event_index bigint;

-- One row, written by the leading node: how far the event log is hashed, and the tree's complete subtrees there.
CREATE TABLE history (
    one_row     boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    size        bigint NOT NULL,
    last_index  bigint NOT NULL,
    peaks       text[] NOT NULL
);
INSERT INTO history(size, last_index, peaks) VALUES (0, 0, '{}');

-- The event log behind each closing of an epoch since the last state of the records.
CREATE TABLE history_state (
    event_index  bigint PRIMARY KEY,
    size         bigint NOT NULL,
    root         text   NOT NULL
);

-- What proves a case without a first committee: the two reports of an equivocation, and the round that upheld an appeal.
ALTER TABLE record ADD COLUMN reports text;
ALTER TABLE record ADD COLUMN appeal text;
