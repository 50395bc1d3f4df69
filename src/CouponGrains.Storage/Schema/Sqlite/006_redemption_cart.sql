-- The cart that a coupon was used on, so that further coupons of the order find what is left of each line. Null for
-- redemptions made before this step.
ALTER TABLE redemptions ADD COLUMN cart TEXT;
