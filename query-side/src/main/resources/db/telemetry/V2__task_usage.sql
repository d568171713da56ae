-- What a task's newest container used, as last said by its machine: one row a task, no history.

CREATE TABLE telemetry.task_usage (
    lease          text COLLATE "C" NOT NULL,
    job            text COLLATE "C" NOT NULL,
    task           int              NOT NULL,
    machine        text COLLATE "C" NOT NULL,
    at             timestamptz      NOT NULL,
    cpu_millis     bigint           NOT NULL,
    memory_bytes   bigint           NOT NULL,
    processes      bigint           NOT NULL,
    received_bytes bigint           NOT NULL,
    sent_bytes     bigint           NOT NULL,
    gpu_percent    int              NOT NULL,
    gpu_memory_mib bigint           NOT NULL,
    PRIMARY KEY (job, task)
);

CREATE INDEX task_usage_at ON telemetry.task_usage (at);
