-- The event store and Axon's own tables. Events are only ever inserted.
CREATE TABLE axon.domain_event (
    -- cache 1: a session that took numbers ahead would store events behind a reader's token
    global_index bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME axon.domain_event_index CACHE 1),
    event_id     uuid        NOT NULL,
    stream_type  text        NOT NULL,
    stream_id    text        NOT NULL,
    sequence     bigint      NOT NULL CHECK (sequence >= 0),
    event_name   text        NOT NULL,
    revision     integer     NOT NULL,
    payload      bytea       NOT NULL,
    metadata     bytea       NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (global_index),
    UNIQUE (event_id),
    UNIQUE (stream_type, stream_id, sequence)
);
CREATE INDEX domain_event_at ON axon.domain_event USING brin (at);

CREATE FUNCTION axon.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER domain_event_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON axon.domain_event
    FOR EACH STATEMENT EXECUTE FUNCTION axon.refuse_change();

-- A stream's folded state, so that a long stream loads in bounded time; may be emptied at any time.
CREATE TABLE axon.snapshot_event (
    event_id    text        NOT NULL,
    stream      text        NOT NULL,
    sequence    bigint      NOT NULL,
    stream_type text        NOT NULL,
    at          timestamptz NOT NULL,
    event_name  text        NOT NULL,
    revision    text,
    payload     bytea       NOT NULL,
    metadata    bytea       NOT NULL,
    PRIMARY KEY (stream, sequence)
);

CREATE TABLE axon.token (
    processor_name text    NOT NULL,
    segment        integer NOT NULL,
    token          bytea,
    token_type     text,
    at             text,
    owner          text,
    PRIMARY KEY (processor_name, segment)
) WITH (fillfactor = 50);

CREATE TABLE axon.saga (
    saga_id   text NOT NULL PRIMARY KEY,
    saga_type text,
    revision  text,
    saga      bytea
);

CREATE TABLE axon.association_value (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key       text NOT NULL,
    value     text NOT NULL,
    saga_type text NOT NULL,
    saga_id   text NOT NULL
);
CREATE INDEX association_value_lookup ON axon.association_value (value, key, saga_type);
CREATE INDEX association_value_saga ON axon.association_value (saga_id, saga_type);

CREATE TABLE axon.dead_letter (
    dead_letter_id     text   NOT NULL PRIMARY KEY,
    processing_group   text   NOT NULL,
    sequence_id        text   NOT NULL,
    sequence_index     bigint NOT NULL,
    message_type       text   NOT NULL,
    event_id           text   NOT NULL,
    event_at           text   NOT NULL,
    event_name         text   NOT NULL,
    revision           text,
    payload            bytea  NOT NULL,
    metadata           bytea,
    stream_type        text,
    stream             text,
    stream_sequence    bigint,
    token_type         text,
    token              bytea,
    enqueued_at        text   NOT NULL,
    last_touched       text,
    processing_started text,
    cause_type         text,
    cause_message      text,
    diagnostics        bytea,
    UNIQUE (processing_group, sequence_id, sequence_index)
);
CREATE INDEX dead_letter_touched ON axon.dead_letter (processing_group, last_touched);

-- The table of db-scheduler, as its version 16 expects it.
CREATE TABLE axon.scheduled_task (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_task_execution_time ON axon.scheduled_task (execution_time);
CREATE INDEX scheduled_task_last_heartbeat ON axon.scheduled_task (last_heartbeat);
CREATE INDEX scheduled_task_priority ON axon.scheduled_task (priority DESC, execution_time ASC);
