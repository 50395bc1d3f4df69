-- Every change that an operator made: a chain, in which hash covers previous and the rest of the row. It is appended to,
-- never changed; the counter tells how far it goes, so that a cut end is found. Whoever appends holds the counter until
-- he commits, and no two rows can follow the same one.
CREATE TABLE audit_events (
  number   bigint PRIMARY KEY CHECK (number >= 1),
  at       bigint NOT NULL,
  actor    text COLLATE "C" NOT NULL,
  action   text COLLATE "C" NOT NULL,
  target   text COLLATE "C" NOT NULL,
  outcome  integer NOT NULL CHECK (outcome IN (1, 2, 3)),
  request  text COLLATE "C" NOT NULL,
  changes  text NOT NULL,
  previous text COLLATE "C" NOT NULL UNIQUE,
  hash     text COLLATE "C" NOT NULL UNIQUE
);

CREATE INDEX audit_events_of_target ON audit_events (target, number);

CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only appended to';
END
$$;

CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_events_stay();

CREATE TRIGGER audit_events_remain BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay();

INSERT INTO counters (name, value) VALUES ('audit', 0);
