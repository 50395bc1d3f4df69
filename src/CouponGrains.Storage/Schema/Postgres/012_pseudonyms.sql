-- How the users of this store are named: the fingerprint of the key of their pseudonyms, or '' for the shop's own ids. One row, or none
-- before anything was agreed on.
CREATE TABLE pseudonyms (
  id          integer PRIMARY KEY CHECK (id = 1),
  fingerprint text COLLATE "C" NOT NULL
);
