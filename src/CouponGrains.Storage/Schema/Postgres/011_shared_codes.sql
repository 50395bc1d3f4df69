-- Codes that many users share: each who claims one, or presents it, has a coupon of his own, issued under the key
-- 'code:' and the code.
CREATE TABLE shared_codes (
  code        text COLLATE "C" PRIMARY KEY,
  campaign_id text COLLATE "C" NOT NULL REFERENCES campaigns (id),
  offer_id    text COLLATE "C" NOT NULL REFERENCES offers (id),
  at          bigint NOT NULL
);

CREATE INDEX shared_codes_of_campaign ON shared_codes (campaign_id, code);
