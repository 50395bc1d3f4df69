-- Offers that were held for review: 0 never, 1 waiting, 2 approved, 3 rejected; when that was decided, and why.
ALTER TABLE offers ADD COLUMN review INTEGER NOT NULL DEFAULT 0 CHECK (review IN (0, 1, 2, 3));
ALTER TABLE offers ADD COLUMN reviewed_at INTEGER;
ALTER TABLE offers ADD COLUMN review_note TEXT NOT NULL DEFAULT '';
