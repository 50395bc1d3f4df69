-- Rows name users, offers and campaigns that their own transaction has read under a lock or created; foreign keys
-- would look them up again, row by row. What guards money are the checks and the unique keys.

-- state: 1 issued, 2 claimed, 3 redeemed, 4 expired, 5 voided; 1 and 2 are open.
CREATE TABLE coupons (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text COLLATE "C" NOT NULL UNIQUE,
  user_id     text COLLATE "C" NOT NULL,
  offer_id    text COLLATE "C" NOT NULL,
  campaign_id text COLLATE "C" NOT NULL,
  issue_key   text COLLATE "C" NOT NULL,
  state       integer NOT NULL CHECK (state BETWEEN 1 AND 5),
  issued_at   bigint NOT NULL,
  expires_at  bigint NOT NULL,
  viewed_at   bigint,
  claimed_at  bigint,
  rating      integer CHECK (rating BETWEEN 1 AND 5),
  model       bigint NOT NULL,
  score       double precision NOT NULL,
  propensity  double precision NOT NULL,
  redemption_probability double precision CHECK (redemption_probability BETWEEN 0 AND 1),
  UNIQUE (user_id, issue_key)
) WITH (fillfactor = 80);

CREATE INDEX coupons_of_user ON coupons (user_id, issued_at);
CREATE INDEX coupons_open ON coupons (expires_at) WHERE state IN (1, 2);

-- request is the SHA-256 of what was asked for: the same key with another content is refused. cart is what the coupon
-- was used on, so that further coupons of the order find what is left of each line. day is that of the campaign's zone
-- (days since 0001-01-01), returned what of the discount came back.
CREATE TABLE redemptions (
  key            text COLLATE "C" PRIMARY KEY,
  request        bytea NOT NULL,
  code           text COLLATE "C" NOT NULL,
  user_id        text COLLATE "C" NOT NULL,
  campaign_id    text COLLATE "C" NOT NULL,
  order_id       text COLLATE "C" NOT NULL,
  amount         bigint NOT NULL CHECK (amount >= 0),
  discount       text NOT NULL,
  cart           text NOT NULL,
  day            integer NOT NULL,
  returned       bigint NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND amount),
  at             bigint NOT NULL,
  rolled_back_at bigint
) WITH (fillfactor = 90);

CREATE INDEX redemptions_of_coupon ON redemptions (code);
CREATE UNIQUE INDEX redemptions_in_force ON redemptions (code) WHERE rolled_back_at IS NULL;
CREATE INDEX redemptions_of_user ON redemptions (user_id, campaign_id) WHERE rolled_back_at IS NULL;
CREATE INDEX redemptions_of_order ON redemptions (user_id, order_id) WHERE rolled_back_at IS NULL;

-- Pieces of orders that came back. request is the SHA-256 of what was asked for; pieces are counted by line, the lines
-- in the order of item, price and quantity; data is the answer.
CREATE TABLE returns (
  key      text COLLATE "C" PRIMARY KEY,
  request  bytea NOT NULL,
  user_id  text COLLATE "C" NOT NULL,
  order_id text COLLATE "C" NOT NULL,
  pieces   text NOT NULL,
  data     text NOT NULL
);

CREATE INDEX returns_of_order ON returns (user_id, order_id);

-- What each day has used of a campaign's limits; weeks and months are sums of days.
CREATE TABLE budget_days (
  campaign_id text COLLATE "C" NOT NULL,
  day         integer NOT NULL,
  redeemed    bigint NOT NULL CHECK (redeemed >= 0),
  spent       bigint NOT NULL CHECK (spent >= 0),
  held        bigint NOT NULL CHECK (held >= 0),
  reserved    bigint NOT NULL CHECK (reserved >= 0),
  PRIMARY KEY (campaign_id, day)
) WITH (fillfactor = 50);

-- state: 1 held, 2 redeemed, 3 released, 4 expired. request is the SHA-256 of what was asked for.
CREATE TABLE reservations (
  key         text COLLATE "C" PRIMARY KEY,
  request     bytea NOT NULL,
  code        text COLLATE "C" NOT NULL,
  user_id     text COLLATE "C" NOT NULL,
  campaign_id text COLLATE "C" NOT NULL,
  order_id    text COLLATE "C" NOT NULL,
  amount      bigint NOT NULL CHECK (amount >= 0),
  discount    text NOT NULL,
  cart        text NOT NULL,
  day         integer NOT NULL,
  at          bigint NOT NULL,
  until       bigint NOT NULL,
  state       integer NOT NULL CHECK (state BETWEEN 1 AND 4),
  ended_at    bigint
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX reservations_held ON reservations (code) WHERE state = 1;
CREATE INDEX reservations_due ON reservations (until) WHERE state = 1;
CREATE INDEX reservations_of_user ON reservations (user_id, campaign_id) WHERE state = 1;
CREATE INDEX reservations_of_order ON reservations (user_id, order_id) WHERE state = 1;

-- Codes made in advance, which are nobody's until a user claims one; then it is a coupon with this code. A batch is
-- made in steps, each in one transaction with its progress, so that one that was cut off goes on where it was.
CREATE TABLE code_batches (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_id text COLLATE "C" NOT NULL REFERENCES campaigns (id),
  name        text COLLATE "C" NOT NULL,
  offer_id    text COLLATE "C" NOT NULL REFERENCES offers (id),
  wanted      integer NOT NULL CHECK (wanted > 0),
  made        integer NOT NULL DEFAULT 0 CHECK (made BETWEEN 0 AND wanted),
  claimed     integer NOT NULL DEFAULT 0 CHECK (claimed BETWEEN 0 AND made),
  at          bigint NOT NULL,
  UNIQUE (campaign_id, name)
) WITH (fillfactor = 50);

CREATE TABLE codes (
  code       text COLLATE "C" PRIMARY KEY,
  batch      bigint NOT NULL,
  number     integer NOT NULL,
  claimed_at bigint
) WITH (fillfactor = 90);

CREATE UNIQUE INDEX codes_of_batch ON codes (batch, number);

-- Who is told what happens; no types are all. status: 1 enabled, 2 disabled.
CREATE TABLE webhook_endpoints (
  id             text COLLATE "C" PRIMARY KEY,
  url            text NOT NULL,
  types          text[] NOT NULL,
  secret         text NOT NULL,
  previous       text,
  previous_until bigint,
  status         integer NOT NULL CHECK (status IN (1, 2)),
  failing_since  bigint,
  at             bigint NOT NULL
);

-- What happened, written in the transaction in which it did, if an endpoint wants to be told.
CREATE TABLE outbox (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id     text COLLATE "C" NOT NULL UNIQUE,
  type   text COLLATE "C" NOT NULL,
  at     bigint NOT NULL,
  data   text NOT NULL
);

CREATE INDEX outbox_at ON outbox (at);

-- state: 1 pending, 2 delivered, 3 failed.
CREATE TABLE deliveries (
  endpoint text COLLATE "C" NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  message  bigint NOT NULL REFERENCES outbox (number),
  state    integer NOT NULL CHECK (state IN (1, 2, 3)),
  attempts integer NOT NULL DEFAULT 0,
  next_at  bigint NOT NULL,
  last     text,
  PRIMARY KEY (endpoint, message)
) WITH (fillfactor = 80);

CREATE INDEX deliveries_pending ON deliveries (endpoint, next_at) WHERE state = 1;
CREATE INDEX deliveries_of_message ON deliveries (message);
