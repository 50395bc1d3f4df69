-- Pieces of orders that came back. request is the SHA-256 of what was asked for; pieces are counted by line, the lines in the
-- order of item, price and quantity; data is the answer.
CREATE TABLE returns (
  key      TEXT PRIMARY KEY,
  request  BLOB NOT NULL,
  user_id  TEXT NOT NULL,
  order_id TEXT NOT NULL,
  pieces   TEXT NOT NULL,
  data     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX returns_of_order ON returns (user_id, order_id);
