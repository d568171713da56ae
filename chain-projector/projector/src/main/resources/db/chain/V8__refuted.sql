-- Whose key it is, of all that could be drawn as signers.
CREATE TABLE attester (
    attester  text PRIMARY KEY,
    checker   text NOT NULL
);

-- What became of it: the cases that were opened, or why none was.
ALTER TABLE refuted_match ADD COLUMN outcome text;
