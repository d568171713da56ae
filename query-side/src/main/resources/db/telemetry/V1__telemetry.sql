-- Signs of life, sampled: no event, no part of any bill. One partition a day; whole days are dropped.

CREATE TABLE telemetry.machine_sample (
    machine         text COLLATE "C" NOT NULL,
    at              timestamptz      NOT NULL,
    heartbeats      int              NOT NULL,
    engine_up       boolean          NOT NULL,
    disk_free_mib   bigint           NOT NULL,
    leases          int              NOT NULL,
    gpus_healthy    int              NOT NULL,
    gpus            int              NOT NULL,
    utilisation     int              NOT NULL,
    temperature     int              NOT NULL,
    power_watts     int              NOT NULL,
    memory_used_mib bigint           NOT NULL,
    PRIMARY KEY (machine, at)
) PARTITION BY RANGE (at);

-- The service may not define tables; these two run as the schema's owner and do no more than they say.
CREATE FUNCTION telemetry.ensure_day(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = telemetry, pg_temp AS
$$
BEGIN
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS telemetry.%I PARTITION OF telemetry.machine_sample FOR VALUES FROM (%L) TO (%L)',
        'machine_sample_' || to_char(day, 'YYYYMMDD'),
        day::timestamp AT TIME ZONE 'UTC',
        (day + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE, DELETE ON telemetry.%I TO athanor_app',
        'machine_sample_' || to_char(day, 'YYYYMMDD'));
END
$$;

CREATE FUNCTION telemetry.drop_days_before(day date) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = telemetry, pg_temp AS
$$
DECLARE
    old     text;
    dropped int := 0;
BEGIN
    FOR old IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'telemetry.machine_sample'::regclass
          AND c.relname < 'machine_sample_' || to_char(day, 'YYYYMMDD')
    LOOP
        EXECUTE format('DROP TABLE telemetry.%I', old);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
