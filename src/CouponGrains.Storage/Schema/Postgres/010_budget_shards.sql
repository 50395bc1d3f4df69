-- What a campaign has used is the sum of a row of its own and of a row for each silo that has a lease on a part of what is
-- left: "budgets" tells the sums. A lease is kept under its own row's lock alone; whoever locks the campaign's row and then
-- all its leases, in the order of their holders, may end them all and give them anew.
ALTER TABLE budgets RENAME TO campaign_budgets;

-- Who changed the campaign's own row last: while it is always the same there is nobody to share with.
ALTER TABLE campaign_budgets ADD COLUMN writer text COLLATE "C" NOT NULL DEFAULT '';

-- minor and uses are what is left of the lease (no uses: they are not counted), day the one day on which it may be used,
-- if limits by period were reckoned with. The sums are what its holder changed since it was given; they may be negative.
CREATE TABLE budget_shards (
  campaign_id text COLLATE "C" NOT NULL,
  holder      text COLLATE "C" NOT NULL,
  minor       bigint NOT NULL CHECK (minor >= 0),
  uses        bigint CHECK (uses >= 0),
  day         integer,
  until       bigint NOT NULL,
  spent       bigint NOT NULL DEFAULT 0,
  reserved    bigint NOT NULL DEFAULT 0,
  issued      bigint NOT NULL DEFAULT 0,
  redeemed    bigint NOT NULL DEFAULT 0,
  held        bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_id, holder)
) WITH (fillfactor = 20);

CREATE VIEW budgets AS
SELECT b.campaign_id, b.currency, b.allowed, b.spent + coalesce(s.spent, 0) AS spent,
  b.reserved + coalesce(s.reserved, 0) AS reserved, b.issued + coalesce(s.issued, 0) AS issued,
  b.redeemed + coalesce(s.redeemed, 0) AS redeemed, b.held + coalesce(s.held, 0) AS held, b.told,
  coalesce(s.minor, 0) AS leased, coalesce(s.uses, 0) AS leased_uses
FROM campaign_budgets b LEFT JOIN LATERAL (
  SELECT sum(spent)::bigint AS spent, sum(reserved)::bigint AS reserved, sum(issued)::bigint AS issued,
    sum(redeemed)::bigint AS redeemed, sum(held)::bigint AS held, sum(minor)::bigint AS minor, sum(uses)::bigint AS uses
  FROM budget_shards s WHERE s.campaign_id = b.campaign_id) AS s ON true;
