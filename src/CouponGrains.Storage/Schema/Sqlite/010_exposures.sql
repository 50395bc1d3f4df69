-- exposure is what was known when an offer was shown or issued, as JSON; null in events of before.
ALTER TABLE events ADD COLUMN exposure TEXT;
ALTER TABLE coupons ADD COLUMN redemption_probability REAL CHECK (redemption_probability BETWEEN 0 AND 1);
