-- How a machine did on its newest settlement days whose books are closed, oldest first.
CREATE TABLE view.machine_quality (
    machine text COLLATE "C" PRIMARY KEY,
    days    jsonb NOT NULL
);
