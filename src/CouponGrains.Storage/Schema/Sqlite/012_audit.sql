-- Every change that an operator made: a chain, in which hash covers previous and the rest of the row. It is appended to,
-- never changed; the counter tells how far it goes, so that a cut end is found.
CREATE TABLE audit_events (
  number   INTEGER PRIMARY KEY CHECK (number >= 1),
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL,
  action   TEXT    NOT NULL,
  target   TEXT    NOT NULL,
  outcome  INTEGER NOT NULL CHECK (outcome IN (1, 2, 3)),
  request  TEXT    NOT NULL,
  changes  TEXT    NOT NULL,
  previous TEXT    NOT NULL UNIQUE,
  hash     TEXT    NOT NULL UNIQUE
) STRICT;

CREATE INDEX audit_events_of_target ON audit_events (target, number);

CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

CREATE TRIGGER audit_events_remain BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;

INSERT INTO counters (name, value) VALUES ('audit', 0);
