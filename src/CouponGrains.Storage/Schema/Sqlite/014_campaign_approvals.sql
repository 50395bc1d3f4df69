-- Wishes to spend more than one person may decide. wanted is the revision that comes into force with the approval.
-- status: 1 waiting, 2 approved, 3 rejected, 4 lapsed.
CREATE TABLE campaign_approvals (
  campaign_id TEXT    NOT NULL,
  number      INTEGER NOT NULL CHECK (number >= 1),
  wanted      TEXT    NOT NULL,
  asked_by    TEXT    NOT NULL,
  asked_at    INTEGER NOT NULL,
  status      INTEGER NOT NULL CHECK (status IN (1, 2, 3, 4)),
  decided_by  TEXT    CHECK (decided_by <> asked_by),
  decided_at  INTEGER,
  note        TEXT    NOT NULL,
  PRIMARY KEY (campaign_id, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX campaign_approvals_waiting ON campaign_approvals (campaign_id) WHERE status = 1;
