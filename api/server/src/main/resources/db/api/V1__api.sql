-- What the doors remember: sign-in, keys, agents' sessions and what is on its way to them. Nothing here is a fact of
-- the network; all of it may be lost without losing money or work.
CREATE TABLE api.sign_in_nonce (
    nonce      text PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

CREATE TABLE api.refresh_token (
    token_hash bytea PRIMARY KEY,
    family     uuid        NOT NULL,
    wallet     text        NOT NULL,
    expires_at timestamptz NOT NULL,
    used       boolean     NOT NULL DEFAULT false
);
CREATE INDEX refresh_token_family ON api.refresh_token (family);

CREATE TABLE api.api_key (
    id         uuid PRIMARY KEY,
    key_hash   bytea       NOT NULL UNIQUE,
    wallet     text        NOT NULL,
    name       text        NOT NULL,
    scopes     text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX api_key_wallet ON api.api_key (wallet, id);

CREATE TABLE api.upload (
    digest text NOT NULL,
    wallet text NOT NULL,
    PRIMARY KEY (digest, wallet)
);

CREATE TABLE api.enrolment_token (
    token_hash bytea PRIMARY KEY,
    wallet     text        NOT NULL,
    expires_at timestamptz NOT NULL,
    machine    uuid
);

-- One row a machine; session and ack_agent_seq only rise.
CREATE TABLE api.agent (
    machine       uuid PRIMARY KEY,
    agent_key     text    NOT NULL,
    provider      text    NOT NULL,
    session       bigint  NOT NULL DEFAULT 0,
    holder        uuid, -- the process that serves the session
    ack_agent_seq bigint  NOT NULL DEFAULT 0,
    online        boolean NOT NULL DEFAULT false,
    draining      boolean NOT NULL DEFAULT false,
    inventory     jsonb,
    unhealthy     text    NOT NULL DEFAULT '',
    agent_version text
);

-- What an agent's Start order needs, kept until the job's last task is settled.
CREATE TABLE api.job (
    job        uuid PRIMARY KEY,
    client     text    NOT NULL,
    spec       jsonb   NOT NULL,
    open_tasks integer NOT NULL
);

CREATE TABLE api.lease (
    lease   text PRIMARY KEY,
    job     uuid    NOT NULL,
    task    integer NOT NULL,
    machine uuid    NOT NULL,
    open    boolean NOT NULL,
    body    jsonb   NOT NULL
);
CREATE INDEX lease_task ON api.lease (job, task);
CREATE INDEX lease_open ON api.lease (machine) WHERE open;

-- Orders that an agent has not acknowledged; the event's global index is the row's identity.
CREATE TABLE api.agent_outbox (
    event_index bigint PRIMARY KEY,
    machine     uuid  NOT NULL,
    body        jsonb NOT NULL
);
CREATE INDEX agent_outbox_machine ON api.agent_outbox (machine, event_index);

CREATE TABLE api.evidence (
    digest  text   NOT NULL,
    checker text   NOT NULL,
    bytes   bigint NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (digest, checker)
);
