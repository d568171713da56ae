-- Read models. Ids are text and sort by their bytes; wei is numeric(78,0); as_of is the global index of the newest
-- event in a row. Hot rows are narrow and leave room for HOT updates; documents that never change lie beside them.
-- `live` is generated, so that a change of state leaves the partial index alone until the row leaves the live set.

CREATE TABLE view.position (
    processor text PRIMARY KEY,
    as_of     bigint NOT NULL
);

-- Events that a projection could not take, and what came after them in the same stream.
CREATE TABLE view.dead_letter (
    projection   text        NOT NULL,
    global_index bigint      NOT NULL,
    stream       text        NOT NULL,
    event        text        NOT NULL,
    cause        text        NOT NULL,
    parked_at    timestamptz NOT NULL,
    attempts     int         NOT NULL,
    PRIMARY KEY (projection, global_index)
);
CREATE INDEX dead_letter_stream ON view.dead_letter (projection, stream, global_index);

-- Jobs ---------------------------------------------------------------------------------------------------------------

CREATE TABLE view.job (
    id           text COLLATE "C" PRIMARY KEY,
    client       text COLLATE "C" NOT NULL,
    state        text             NOT NULL,
    held         numeric(78, 0)   NOT NULL,
    cost         numeric(78, 0)   NOT NULL,
    submitted_at timestamptz      NOT NULL,
    opened       bigint           NOT NULL,
    states       jsonb            NOT NULL,
    as_of        bigint           NOT NULL,
    live         boolean GENERATED ALWAYS AS (state <> 'SETTLED') STORED
) WITH (fillfactor = 70);
CREATE INDEX job_opened ON view.job (opened);
CREATE INDEX job_client ON view.job (client, opened);
CREATE INDEX job_live ON view.job (opened) WHERE live;

CREATE TABLE view.job_spec (
    id   text COLLATE "C" PRIMARY KEY,
    spec jsonb NOT NULL
);

CREATE TABLE view.task (
    job        text COLLATE "C" NOT NULL,
    task       int              NOT NULL,
    state      text             NOT NULL,
    lease      text,
    machine    text,
    provider   text,
    container  text,
    ending     text,
    detail     text,
    started_at timestamptz,
    ended_at   timestamptz,
    cost       numeric(78, 0)   NOT NULL,
    epoch      bigint,
    simulated  boolean          NOT NULL,
    PRIMARY KEY (job, task)
) WITH (fillfactor = 60);

CREATE TABLE view.lease (
    id    text COLLATE "C" PRIMARY KEY,
    terms jsonb NOT NULL
);

CREATE TABLE view.receipt (
    lease      text COLLATE "C" PRIMARY KEY,
    receipt    jsonb       NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL
);

CREATE TABLE view.assessment (
    job        text COLLATE "C" NOT NULL,
    task       int              NOT NULL,
    assessment jsonb            NOT NULL,
    PRIMARY KEY (job, task)
);

CREATE TABLE view.placement (
    job      text COLLATE "C" NOT NULL,
    task     int              NOT NULL,
    decision jsonb            NOT NULL,
    PRIMARY KEY (job, task)
);

CREATE TABLE view.timeline (
    global_index bigint           NOT NULL,
    job          text COLLATE "C" NOT NULL,
    task         int              NOT NULL,
    event        text             NOT NULL,
    actor        text             NOT NULL,
    detail       text             NOT NULL,
    at           timestamptz      NOT NULL,
    PRIMARY KEY (job, global_index)
);

-- Machines, providers, checkers ----------------------------------------------------------------------------------------

CREATE TABLE view.machine (
    id            text COLLATE "C" PRIMARY KEY,
    provider      text COLLATE "C" NOT NULL,
    agent_key     text             NOT NULL,
    standing      text             NOT NULL,
    online        boolean          NOT NULL,
    score         bigint           NOT NULL,
    price         numeric(78, 0),
    gpus          int              NOT NULL,
    gpus_reserved int              NOT NULL,
    reserved      jsonb            NOT NULL,
    note          text,
    enrolled_at   timestamptz      NOT NULL,
    as_of         bigint           NOT NULL
) WITH (fillfactor = 60);
CREATE INDEX machine_provider ON view.machine (provider, id);

CREATE TABLE view.machine_inventory (
    machine   text COLLATE "C" PRIMARY KEY,
    inventory jsonb NOT NULL
);

CREATE TABLE view.provider (
    wallet        text COLLATE "C" PRIMARY KEY,
    name          text        NOT NULL,
    owner_group   text        NOT NULL,
    standing      text        NOT NULL,
    registered_at timestamptz NOT NULL,
    as_of         bigint      NOT NULL
);

CREATE TABLE view.checker (
    wallet         text COLLATE "C" PRIMARY KEY,
    attester       text COLLATE "C",
    standing       text        NOT NULL,
    owner_group    text        NOT NULL,
    network_group  text        NOT NULL,
    region         text        NOT NULL,
    endpoint       text        NOT NULL,
    rounds_correct bigint      NOT NULL,
    rounds_wrong   bigint      NOT NULL,
    registered_at  timestamptz NOT NULL,
    as_of          bigint      NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX checker_attester ON view.checker (attester);

CREATE TABLE view.pool (
    id    text COLLATE "C" PRIMARY KEY,
    stake numeric(78, 0) NOT NULL,
    as_of bigint         NOT NULL
);

-- Money --------------------------------------------------------------------------------------------------------------

CREATE TABLE view.account (
    wallet    text COLLATE "C" PRIMARY KEY,
    available numeric(78, 0) NOT NULL,
    held      numeric(78, 0) NOT NULL,
    deposited numeric(78, 0) NOT NULL,
    earned    numeric(78, 0) NOT NULL,
    spent     numeric(78, 0) NOT NULL,
    withdrawn numeric(78, 0) NOT NULL,
    as_of     bigint         NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE view.ledger_line (
    global_index bigint           NOT NULL,
    line         int              NOT NULL,
    event        text             NOT NULL,
    from_account text COLLATE "C" NOT NULL,
    to_account   text COLLATE "C" NOT NULL,
    amount       numeric(78, 0)   NOT NULL,
    at           timestamptz      NOT NULL,
    PRIMARY KEY (global_index, line)
);
CREATE INDEX ledger_line_from ON view.ledger_line (from_account, global_index, line);
CREATE INDEX ledger_line_to ON view.ledger_line (to_account, global_index, line);

CREATE TABLE view.ledger_balance (
    account  text COLLATE "C" PRIMARY KEY,
    received numeric(78, 0) NOT NULL,
    sent     numeric(78, 0) NOT NULL,
    as_of    bigint         NOT NULL
) WITH (fillfactor = 70);

-- Rounds -------------------------------------------------------------------------------------------------------------

CREATE TABLE view.round (
    id        text COLLATE "C" PRIMARY KEY,
    epoch     bigint NOT NULL,
    state     text   NOT NULL,
    opened    bigint NOT NULL,
    closed_at timestamptz,
    as_of     bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX round_opened ON view.round (opened);
CREATE INDEX round_epoch ON view.round (epoch, opened);

CREATE TABLE view.round_opening (
    id      text COLLATE "C" PRIMARY KEY,
    opening jsonb NOT NULL
);

CREATE TABLE view.round_result (
    id          text COLLATE "C" PRIMARY KEY,
    verdicts    jsonb NOT NULL,
    consistency jsonb NOT NULL
);

CREATE TABLE view.round_seat (
    round     text COLLATE "C" NOT NULL,
    checker   text COLLATE "C" NOT NULL,
    open      boolean          NOT NULL,
    committed boolean          NOT NULL,
    revealed  boolean          NOT NULL,
    PRIMARY KEY (round, checker)
) WITH (fillfactor = 60);
CREATE INDEX round_seat_open ON view.round_seat (checker, round) WHERE open;

-- Epochs, batches, parameters --------------------------------------------------------------------------------------------

CREATE TABLE view.epoch (
    epoch            bigint PRIMARY KEY,
    state            text           NOT NULL,
    starts_at        timestamptz    NOT NULL,
    ends_at          timestamptz    NOT NULL,
    block_number     bigint         NOT NULL,
    block_hash       text           NOT NULL,
    eligible         int            NOT NULL,
    client_cost      numeric(78, 0) NOT NULL,
    provider_emission numeric(78, 0) NOT NULL,
    checker_emission numeric(78, 0) NOT NULL,
    protocol_fee     numeric(78, 0) NOT NULL,
    rewards_root     text,
    closed_at        timestamptz,
    as_of            bigint         NOT NULL
);

CREATE TABLE view.batch (
    seq         bigint PRIMARY KEY,
    epoch       bigint         NOT NULL,
    previous    text           NOT NULL,
    root        text           NOT NULL,
    count       int            NOT NULL,
    total       numeric(78, 0) NOT NULL,
    transaction text,
    block       bigint,
    finalised   boolean        NOT NULL,
    as_of       bigint         NOT NULL
);
CREATE INDEX batch_epoch ON view.batch (epoch, seq);

-- The leaves of an epoch's batches: settled tasks, in task order.
CREATE TABLE view.settlement_leaf (
    epoch bigint           NOT NULL,
    job   text COLLATE "C" NOT NULL,
    task  int              NOT NULL,
    leaf  text             NOT NULL,
    PRIMARY KEY (epoch, job, task)
);

CREATE TABLE view.parameters (
    version    int PRIMARY KEY,
    parameters jsonb NOT NULL
);
