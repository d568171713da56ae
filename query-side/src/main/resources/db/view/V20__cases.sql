-- Penalty cases: one row a case file.
CREATE TABLE view.penalty_case (
    id              text COLLATE "C" PRIMARY KEY,
    stage           text             NOT NULL,
    accused         text COLLATE "C" NOT NULL,
    offence         jsonb            NOT NULL,
    rate_bps        bigint           NOT NULL,
    amount          numeric(78, 0)   NOT NULL,
    taken           numeric(78, 0)   NOT NULL,
    formula_version int              NOT NULL,
    reporter        text,
    stay_until      timestamptz,
    appeal          jsonb,
    decision        jsonb,
    shares          jsonb            NOT NULL,
    history         jsonb            NOT NULL,
    opened_at       timestamptz      NOT NULL,
    opened          bigint           NOT NULL,
    as_of           bigint           NOT NULL
);
CREATE INDEX penalty_case_opened ON view.penalty_case (opened);
CREATE INDEX penalty_case_accused ON view.penalty_case (accused, opened);
