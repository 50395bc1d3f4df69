-- Instants are UTC ticks of 100 ns since year 1, durations are ticks of 100 ns, amounts are minor units of their
-- currency. Ids are compared byte by byte (COLLATE "C"), which is the order of their code points.

CREATE TABLE counters (
  name  text COLLATE "C" PRIMARY KEY,
  value bigint NOT NULL
) WITH (fillfactor = 20);

INSERT INTO counters (name, value) VALUES
  ('events', 0), ('catalog_stamp', 0), ('campaign_stamp', 0), ('evidence_stamp', 0);

-- data is the record as JSON, null while the user or item is known from an event alone. JSON is kept as text: it comes
-- back as it was written.
CREATE TABLE users (
  id   text COLLATE "C" PRIMARY KEY,
  data text
);

CREATE TABLE items (
  id   text COLLATE "C" PRIMARY KEY,
  data text
);

-- The log: appended to, never changed. exposure is what was known when an offer was shown or issued, as JSON. Whoever
-- appends holds the counter 'events' until he commits, so that places become visible in their order and nobody who
-- reads on from a place misses one.
CREATE TABLE events (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          text COLLATE "C" NOT NULL UNIQUE,
  user_id     text COLLATE "C" NOT NULL,
  kind        integer NOT NULL,
  at          bigint NOT NULL,
  item_id     text COLLATE "C",
  quantity    integer NOT NULL,
  amount      bigint,
  currency    text COLLATE "C",
  order_id    text COLLATE "C",
  dwell       bigint,
  query       text COLLATE "C",
  offer_id    text COLLATE "C",
  coupon_code text COLLATE "C",
  rating      integer,
  propensity  double precision,
  exposure    text
);

CREATE INDEX events_of_user ON events (user_id, seq);

CREATE TABLE campaigns (
  id       text COLLATE "C" PRIMARY KEY,
  revision integer NOT NULL CHECK (revision >= 1),
  data     text NOT NULL
);

-- spent and redeemed are of redemptions in force, reserved and held of reservations that hold; told is the
-- highest share of the budget, in per cent, of which was told that it is spent. The row is locked by
-- whoever issues from the campaign or moves its money: its limits are decided by one at a time.
CREATE TABLE budgets (
  campaign_id text COLLATE "C" PRIMARY KEY REFERENCES campaigns (id),
  currency    text COLLATE "C" NOT NULL,
  allowed     bigint NOT NULL CHECK (allowed >= 0),
  spent       bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
  reserved    bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND spent + reserved <= allowed),
  issued      bigint NOT NULL DEFAULT 0 CHECK (issued >= 0),
  redeemed    bigint NOT NULL DEFAULT 0 CHECK (redeemed >= 0),
  held        bigint NOT NULL DEFAULT 0 CHECK (held >= 0 AND redeemed + held <= issued),
  told        integer NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

-- review: 0 never, 1 waiting, 2 approved, 3 rejected.
CREATE TABLE offers (
  id          text COLLATE "C" PRIMARY KEY,
  campaign_id text COLLATE "C" NOT NULL REFERENCES campaigns (id),
  withdrawn   boolean NOT NULL DEFAULT false,
  issued      bigint NOT NULL DEFAULT 0 CHECK (issued >= 0),
  review      integer NOT NULL DEFAULT 0 CHECK (review IN (0, 1, 2, 3)),
  reviewed_at bigint,
  review_note text COLLATE "C" NOT NULL DEFAULT '',
  data        text NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX offers_of_campaign ON offers (campaign_id, id);

-- What users told of items that the model was trained without: at most one row for an item, of one model at a time.
-- tastes are little-endian 32-bit floats.
CREATE TABLE item_evidence (
  item_id text COLLATE "C" PRIMARY KEY,
  model   bigint NOT NULL,
  tastes  bytea NOT NULL,
  mass    double precision NOT NULL
);

CREATE INDEX item_evidence_of_model ON item_evidence (model, item_id);

-- Chunks are written first, each in a transaction of its own; the row in models makes them visible.
CREATE TABLE models (
  version bigint PRIMARY KEY,
  data    text NOT NULL
);

CREATE TABLE model_chunks (
  version bigint NOT NULL,
  number  integer NOT NULL,
  bytes   bytea NOT NULL,
  PRIMARY KEY (version, number)
);

-- Factors do not compress.
ALTER TABLE model_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The last row's to_version is the version in force.
CREATE TABLE promotions (
  number       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_version bigint NOT NULL,
  to_version   bigint NOT NULL REFERENCES models (version),
  reason       text COLLATE "C" NOT NULL,
  at           bigint NOT NULL
);
