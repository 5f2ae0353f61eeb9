-- A rotation whose next key the server did not take has ended, and says why.
ALTER TABLE "key_rotations"
  DROP CONSTRAINT "key_rotations_state",
  ADD CONSTRAINT "key_rotations_state" CHECK ("state" IN ('making', 'staging', 'switching', 'done', 'returned', 'stopped', 'refused'));
