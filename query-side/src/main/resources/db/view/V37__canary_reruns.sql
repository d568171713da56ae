-- What an opened plan found beside its known answers: deliveries that ran again, runs that count as not delivered, and images whose
-- results differ from machine to machine.
ALTER TABLE view.canary
    ADD COLUMN undelivered    jsonb,
    ADD COLUMN reruns         jsonb,
    ADD COLUMN irreproducible jsonb;
