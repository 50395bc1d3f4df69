-- What users told of items that the model was trained without: at most one row for an item, of one model at a time. tastes are
-- little-endian 32-bit floats.
CREATE TABLE item_evidence (
  item_id TEXT PRIMARY KEY,
  model   INTEGER NOT NULL,
  tastes  BLOB    NOT NULL,
  mass    REAL    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX item_evidence_of_model ON item_evidence (model);

INSERT INTO counters (name, value) VALUES ('evidence_stamp', 0);
