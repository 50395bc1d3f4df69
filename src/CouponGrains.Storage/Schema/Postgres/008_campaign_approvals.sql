-- Wishes to spend more than one person may decide. wanted is the revision that comes into force with the approval.
-- status: 1 waiting, 2 approved, 3 rejected, 4 lapsed.
CREATE TABLE campaign_approvals (
  campaign_id text COLLATE "C" NOT NULL,
  number      integer NOT NULL CHECK (number >= 1),
  wanted      text NOT NULL,
  asked_by    text COLLATE "C" NOT NULL,
  asked_at    bigint NOT NULL,
  status      integer NOT NULL CHECK (status IN (1, 2, 3, 4)),
  decided_by  text COLLATE "C" CHECK (decided_by <> asked_by),
  decided_at  bigint,
  note        text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (campaign_id, number)
);

CREATE UNIQUE INDEX campaign_approvals_waiting ON campaign_approvals (campaign_id) WHERE status = 1;
