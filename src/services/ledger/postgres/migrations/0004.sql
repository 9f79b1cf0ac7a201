-- A cost that is known already touches no row: all images of a kind that are done at the same time would wait for each other.
DROP TRIGGER charge_corrected ON charges;
CREATE TRIGGER charge_corrected AFTER UPDATE OF coins ON charges FOR EACH ROW
  WHEN (new.coins <> old.coins) EXECUTE FUNCTION charge_corrected();

CREATE OR REPLACE FUNCTION cost_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO last_costs (kind, coins)
    SELECT kind, new.cost FROM charges WHERE task_id = new.id AND kind IS NOT NULL AND new.cost > 0
      AND NOT EXISTS (SELECT 1 FROM last_costs WHERE last_costs.kind = charges.kind AND coins = new.cost)
    ON CONFLICT (kind) DO UPDATE SET coins = excluded.coins;
  UPDATE charges SET coins = new.cost WHERE task_id = new.id;
  RETURN NULL;
END $$
